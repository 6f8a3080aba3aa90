import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import ConfigAttributeError, OmegaConfBaseException

from commands import Outcome
from tiktok_segments.command_line import (
    explain_config_error,
    prepare_environment,
    run_command,
)

CONF = Path(__file__).resolve().parents[1] / "conf"
PARSER = OverridesParser.create()


def explain(monkeypatch: pytest.MonkeyPatch, *overrides: str) -> list[str]:
    """Return the lines that explain what is wrong with overrides of the real configuration."""
    monkeypatch.setenv("TIKTOK_SEGMENTS_ROOT", str(CONF.parent))
    monkeypatch.setattr(sys, "argv", ["some/folder/train.py", *overrides])
    with (
        pytest.raises((HydraException, OmegaConfBaseException)) as caught,
        initialize_config_dir(str(CONF), version_base="1.3"),
    ):
        OmegaConf.to_container(compose("config", overrides=list(overrides)), resolve=True)
    return explain_config_error(caught.value).split("\n")


@pytest.mark.parametrize("group", ["features", "outliers", "scaler", "experiment"])
def test_an_unknown_choice_is_told_with_the_choices_there_are(
    monkeypatch: pytest.MonkeyPatch, group: str
) -> None:
    first, last = explain(monkeypatch, f"{group}=nonsense")
    choices = ", ".join(sorted(path.stem for path in (CONF / group).glob("*.yaml")))
    assert first == f"There is no 'nonsense' among the choices of {group}: {choices}."
    assert last == "python train.py --help explains every setting."


@pytest.mark.parametrize(
    ("setting", "meant"),
    [
        ("kk", " Is k meant?"),
        ("fetures", " Is features meant?"),
        ("features.kolumns", " Is features.columns meant?"),
        ("data.pth", " Is data.path meant?"),
        ("nonsense", ""),
    ],
)
def test_an_unknown_setting_is_told_by_its_name_with_the_one_that_was_likely_meant(
    monkeypatch: pytest.MonkeyPatch, setting: str, meant: str
) -> None:
    first, last = explain(monkeypatch, f"{setting}=1")
    assert first == f"There is no setting {setting}.{meant}"
    assert last == "python train.py --help explains every setting."


@pytest.mark.parametrize(
    ("override", "word"),
    [
        ("4", "4 cannot be read; a setting is given as name=value"),
        ("k=[1", "[1"),
        ("k", "k"),
        ("k='", "k='"),
        ("k=${nope}", "nope"),
        ("nonsense/group=x", "nonsense/group"),
        ("~nope", "nope"),
        ("+k=3", "++k=3"),
        ("k=2,3", "k=2,3: -m makes a run of each of these, k=[2,3] is one list."),
        ("k=" + "(" * 2000, "("),
    ],
)
def test_any_other_mistake_is_explained_in_three_lines_at_the_most(
    monkeypatch: pytest.MonkeyPatch, override: str, word: str
) -> None:
    lines = explain(monkeypatch, override)
    assert word in lines[0]
    assert len(lines) <= 3
    assert max(len(line) for line in lines) <= 400
    assert "hydra.cc" not in "".join(lines)
    assert "Traceback" not in "".join(lines)


def test_a_value_of_the_wrong_type_is_told_with_its_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = ("hydra/launcher=joblib", "hydra.launcher.n_jobs=lots")
    first, _ = explain(monkeypatch, *given)
    assert first.startswith("hydra.launcher.n_jobs: Value 'lots'")
    assert "Integer" in first


def test_a_setting_that_is_missing_is_told_by_its_name() -> None:
    config = OmegaConf.create({"features": {"columns": {}}}, flags={"struct": True})
    with pytest.raises(ConfigAttributeError) as caught:
        _ = config.features.name
    assert explain_config_error(caught.value).startswith("The setting features.name is missing.")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Put an empty environment in the place of the process's own."""
    empty: dict[str, str] = {}
    monkeypatch.setattr(os, "environ", empty)
    return empty


def test_the_environment_holds_what_hydra_and_mlflow_need(
    environment: dict[str, str], tmp_path: Path
) -> None:
    prepare_environment(tmp_path)
    assert environment["TIKTOK_SEGMENTS_ROOT"] == str(tmp_path)
    assert environment["HYDRA_FULL_ERROR"] == "1"
    assert environment["MLFLOW_DISABLE_TELEMETRY"] == "true"


def test_arrow_keeps_the_memory_that_a_command_reads_into(tmp_path: Path) -> None:
    asked = (
        "from pathlib import Path; from tiktok_segments.command_line import prepare_environment;"
        f"prepare_environment(Path({str(tmp_path)!r}));"
        "import pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    )
    said = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert said.stdout.strip() == "system"


def test_a_root_that_is_set_already_stays(environment: dict[str, str], tmp_path: Path) -> None:
    environment["TIKTOK_SEGMENTS_ROOT"] = "elsewhere"
    prepare_environment(tmp_path)
    assert environment["TIKTOK_SEGMENTS_ROOT"] == "elsewhere"


def test_the_run_that_mlflow_opened_for_us_is_forgotten(
    environment: dict[str, str], tmp_path: Path
) -> None:
    environment.update(MLFLOW_RUN_ID="abc", MLFLOW_EXPERIMENT_ID="0", MLFLOW_TRACKING_URI="x")
    prepare_environment(tmp_path)
    assert "MLFLOW_RUN_ID" not in environment
    assert "MLFLOW_EXPERIMENT_ID" not in environment
    assert environment["MLFLOW_TRACKING_URI"] == "x"


class Interrupted:
    """Ctrl-C while a class is made that has this in it, of which Python makes another error."""

    def __set_name__(self, owner: type, name: str) -> None:
        raise KeyboardInterrupt


def test_ctrl_c_while_a_class_is_made_ends_a_command_as_elsewhere(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def main() -> None:
        type("Owner", (), {"field": Interrupted()})

    monkeypatch.setattr("tiktok_segments.command_line.prepare_environment", lambda root: None)
    monkeypatch.setattr(sys, "argv", ["train.py"])
    with pytest.raises(SystemExit) as end:
        run_command(main, root=tmp_path)
    assert end.value.code == 130
    assert capsys.readouterr().err == "Stopped.\n"


@pytest.mark.parametrize(
    "arguments", [("train.py",), ("train.py", "scaler=robust"), ("scripts/weekly.py",)]
)
def test_help_is_hydras(command: Callable[..., Outcome], arguments: tuple[str, ...]) -> None:
    ours = command(*arguments, "--help")
    assert ours.status == 0, ours.err
    assert ours == command(*arguments, "--help", "--config-dir", str(CONF / "scaler"))


def test_help_with_a_setting_that_is_none_is_refused(command: Callable[..., Outcome]) -> None:
    refused = command("train.py", "kk=1", "--help")
    assert refused.status == 1
    assert refused.err.startswith("There is no setting kk.")


def test_a_setting_with_dashes_is_told_how_it_is_given(command: Callable[..., Outcome]) -> None:
    for word in ("--k=3", "-k=3", "--runs=3"):
        refused = command("train.py", word)
        assert (refused.status, refused.out) == (1, "")
        name = word.strip("-").partition("=")[0]
        assert refused.err.startswith(f"{word}: a setting is given without dashes, as in {name}=3.")
    refused = command("scripts/models.py", "renam=X")
    assert refused.err.endswith("\npython scripts/models.py --help explains every setting.\n")
