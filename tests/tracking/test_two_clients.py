"""Two clients in one store: each has an experiment and a registered model of its own."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from commands import PROJECT, Outcome
from tiktok_segments import command_line
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.defaults import DEFAULT_NAME, next_command
from tiktok_segments.errors import InputError
from tiktok_segments.registry import choose, versions
from tiktok_segments.tracking import connection, history
from tiktok_segments.tracking.run_names import NOTE
from tiktok_segments.tracking.store import find_store

OTHER = ("tracking.experiment=Client B", "tracking.model=client b")


def state() -> tuple[list[tuple[str, ...]], list[str], list[str]]:
    """Return what a client has: versions with aliases, names of the champion, kinds of runs."""
    known = [(str(version.version), *version.aliases) for version in versions.versions()]
    runs = [run for kind in ("sweep", "weekly", "assign") for run in history.runs_of_kind(kind, 9)]
    return known, versions.load_champion()[1].names, [run.info.run_id for run in runs]


@pytest.fixture
def as_other(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Look with the eyes of one client or the other, which their variables make."""

    def look(other: bool) -> None:
        for name, value in zip(
            ("MLFLOW_EXPERIMENT_NAME", "TIKTOK_SEGMENTS_MODEL"), OTHER, strict=True
        ):
            monkeypatch.setenv(name, value.partition("=")[2] if other else "")
        connection.connect()

    return look


def test_two_champions_live_in_one_store_and_nothing_crosses(
    command: Callable[..., Outcome], champion_root: Path, as_other: Callable[[bool], None]
) -> None:
    as_other(False)
    ours = state()
    make_profiles(300, seed=3)[0].to_csv(champion_root / "export.csv", index=False)
    export = f"data.path={champion_root / 'export.csv'}"
    as_other(True)
    with pytest.raises(InputError, match="There is no champion yet"):
        versions.load_champion()
    as_other(False)

    first = command("scripts/weekly.py", export, "k=[3]", *OTHER)
    assert first.status == 3, first.out + first.err
    as_other(True)
    theirs = state()
    assert theirs[0] == [("1", "champion")]
    assert len(theirs[1]) == 3
    as_other(False)
    assert state() == ours

    name = theirs[1][0]
    renamed = command("scripts/models.py", f"rename={name}", "to=Only theirs", *OTHER)
    assert renamed.status == 0, renamed.err
    assert "client b" in renamed.out
    assigned = {
        number: command(
            "scripts/assign_segments.py",
            export,
            f"output={champion_root / f'{number}.csv'}",
            *settings,
        )
        for number, settings in enumerate([(), OTHER])
    }
    assert [outcome.status for outcome in assigned.values()] == [0, 0]
    written = [(champion_root / f"{number}.csv").read_text() for number in assigned]
    assert ["Only theirs" in text for text in written] == [False, True]
    assert command("scripts/models.py").out.count(DEFAULT_NAME) == 1
    as_other(False)
    assert state()[:2] == ours[:2]
    run = versions.load_champion()[0].run_id
    as_other(True)
    assert history.model_versions(run) == []
    assert state()[1] == ["Only theirs", *theirs[1][1:]]
    assert choose.choose_model("1").names == theirs[1]


def test_the_next_command_is_for_the_same_client(
    command: Callable[..., Outcome], swept_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = command("train.py", "k=3", "data.n_profiles=300", "structure=off", "figures=off", *OTHER)
    (line,) = re.findall("^Next: python (.*)$", told.out, re.MULTILINE)
    assert shlex.split(line)[2:] == list(OTHER)
    run = shlex.split(line)[1].removeprefix("run=")
    assert f"{run} 'tracking.experiment=Client B'" in history.get_run(run).data.tags[NOTE]
    profiled = command(*shlex.split(line))
    assert profiled.status == 0, profiled.err
    assert "'tracking.model=client b'   registers the model" in profiled.out

    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "client-c")
    monkeypatch.setenv("TIKTOK_SEGMENTS_MODEL", "client-c")
    assert next_command("train.py") == "python train.py"
    assert next_command("train.py", kept=True).count("=client-c") == 2
    find_store({"experiment": None, "model": DEFAULT_NAME})
    assert next_command("train.py") == f"python train.py tracking.model={DEFAULT_NAME}"


def test_a_model_that_is_not_there_is_named_beside_those_that_are(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    told = command("scripts/models.py", "tracking.model=nobody")
    assert f"nobody has no version yet. Registered are: {DEFAULT_NAME}." in told.out


@pytest.mark.parametrize("setting", ["experiment", "model"])
@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_refused(setting: str, name: str) -> None:
    with pytest.raises(InputError, match=rf"tracking\.{setting} is empty; give a name"):
        find_store({"experiment": None, "model": None, setting: name})


@pytest.mark.parametrize("name", ["a/b", "a:1", "a@champion", "it's", "x" * 101])
def test_a_name_that_would_not_stand_in_an_address_is_refused(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIKTOK_SEGMENTS_MODEL", "")
    with pytest.raises(InputError, match="cannot name a registered model"):
        find_store({"experiment": None, "model": name})


def test_variables_that_are_not_used_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["ui.py"])
    for name in command_line.NOT_USED:
        monkeypatch.setenv(name, "elsewhere")
    command_line.run_command(lambda: None, PROJECT)
    told = capsys.readouterr().err
    assert all(f"{name} is not used: " in told for name in command_line.NOT_USED)
