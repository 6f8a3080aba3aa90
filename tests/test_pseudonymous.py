"""The whole way under pseudonyms: no byte of project, store and temporary folders names anyone."""

import re
import shlex
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import mlflow
import pandas as pd
import pytest

from commands import Outcome
from tiktok_segments.accounts.privacy import PrivacyKey, Pseudonyms, make_key
from traces import contents, traces

QUICK = ("structure=off", "figures=off", "k=4")


def names_in(export: Path) -> list[str]:
    """Return what of the published accounts is long enough not to stand anywhere by chance."""
    table = pd.read_csv(export, dtype=str)
    found: list[str] = []
    for column, least in {"account_id": 6, "nickname": 8, "biography": 24, "url": 20}.items():
        texts = table[column].dropna().str.strip().str[:80]
        found += (
            texts[texts.str.len() >= least].drop_duplicates().sample(60, random_state=0).tolist()
        )
    return found


def next_of(done: Outcome) -> list[str]:
    """Return the words of the command that a command says is next, without Python."""
    (line,) = re.findall("^Next: python (.*)$", done.out, re.MULTILINE)
    return shlex.split(line)


@pytest.fixture
def export(root: Path, published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published profiles under the name of a person, outside of the project."""
    return Path(shutil.copy(published, tmp_path_factory.mktemp("exports") / "rosamunde.csv"))


@pytest.fixture
def key_file(
    root: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The file of a key, which no variable names."""
    file = tmp_path_factory.mktemp("home") / "key"
    monkeypatch.delenv("TIKTOK_SEGMENTS_KEY", raising=False)
    monkeypatch.setenv("TIKTOK_SEGMENTS_KEY_FILE", "")
    make_key(file, [root])
    return file


def test_no_byte_names_anyone_from_sweep_to_week(
    command: Callable[..., Outcome],
    export: Path,
    key_file: Path,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = PrivacyKey(bytes.fromhex(key_file.read_text().strip()))
    temporary = root / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    given = (f"data.path={export}", f"privacy.key_file={key_file}")
    trained = command("train.py", "-m", *QUICK, *given, "privacy=pseudonymous")
    assert trained.status == 0, trained.err
    steps = [
        (*next_of(trained), "format=xlsx"),
        ("scripts/promote_model.py", *given, "force=true", "reason=a test"),
        ("scripts/assign_segments.py", *given, f"output={root}/outputs/assigned.parquet"),
        ("scripts/shortlist.py", *given, "n=5"),
        ("scripts/weekly.py", *given, "retrain=never", "accept=true", "reason=a test"),
        ("scripts/check_export.py", *given, "privacy=pseudonymous", f"output={root}/clean.csv"),
    ]
    told = ""
    for script, *arguments in steps:
        done = command(script, *arguments)
        assert done.status == 0, done.err
        told += done.out
    folder = root / "outputs" / "weekly"
    assert {f"{file}, by version 1" in told for file in folder.glob("*/report.html")} == {True}
    assert {f"; {file}" in told for file in folder.glob("*/assigned.csv")} == {True}
    wanted = [*names_in(export), "rosamunde", key.secret.hex()]
    assert traces([root], wanted) == []
    # The search finds what is there: pseudonyms, also in a packed workbook and in Parquet.
    listed = pd.read_csv(root / "outputs" / "shortlist" / "shortlist.csv")["account_id"].tolist()
    held = {file.partition("!")[0] for file, _ in traces([root / "outputs"], listed)}
    assert {Path(file).suffix for file in held} >= {".csv", ".html", ".xlsx", ".parquet"}
    assert command("train.py", *QUICK, f"data.path={export}").status == 0
    labels = {run.data.tags["segmentation.labels_sha256"] for run in _trained()}
    assert len(_trained()) == 2 and len(labels) == 1

    revealed = export.with_name("shortlist.csv")
    table = root / "outputs" / "shortlist" / "shortlist.csv"
    told = command("scripts/privacy.py", "reveal", str(table), f"output={revealed}", *given)
    assert told.status == 0, told.err
    handles = pd.read_csv(revealed)["account_id"].tolist()
    assert Pseudonyms(key).of(handles) == listed
    inside = command("scripts/privacy.py", "reveal", str(table), f"output={root}/out.csv", *given)
    assert inside.status == 1 and "Keep the handles elsewhere" in inside.err
    page, output = table.with_suffix(".html"), revealed.with_suffix(".html")
    assert (
        command("scripts/privacy.py", "reveal", str(page), f"output={output}", *given).status == 0
    )
    assert all(handle in output.read_text() for handle in handles)

    about = command("scripts/explain_account.py", *given, f"account=@{handles[0]}")
    assert f"@{listed[0]}" in about.out and handles[0] not in about.out
    assign = ("scripts/assign_segments.py", given[0], f"output={root}/again.csv")
    other = key_file.with_name("other")
    make_key(other, [root])
    wrong = command(*assign, f"privacy.key_file={other}")
    assert wrong.status == 1 and f"under the key {key.id}; the key given is " in wrong.err
    without = command(*assign)
    assert without.status == 1
    assert "version 1 was made of accounts under pseudonyms. Give the key" in without.err
    assert not (root / "again.csv").exists()


def _trained() -> list[mlflow.entities.Run]:
    client = mlflow.MlflowClient()
    found = client.search_runs(
        [client.get_experiment_by_name("tiktok-influencer-segments").experiment_id],
        filter_string="tags.`segmentation.kind` = 'train'",
    )
    return list(found)


def test_what_failed_is_told_and_its_words_are_not_kept(
    command: Callable[..., Outcome], root: Path, key_file: Path
) -> None:
    export = key_file.with_name("rosamunde.csv")
    export.write_text("account_id,followers\nberthold,many\n")
    failed = command(
        "scripts/weekly.py", f"data.path={export}", f"privacy.key_file={key_file}",
        "privacy=pseudonymous",
    )  # fmt: skip
    assert failed.status == 1
    assert "rosamunde" in failed.err or "export" in failed.err
    assert traces([root], ["rosamunde", "berthold"]) == []
    assert "the words of an error are not kept" in (root / "mlflow.db").read_bytes().decode(
        "utf-8", errors="replace"
    )


def test_the_search_looks_into_packed_files(tmp_path: Path) -> None:
    shutil.make_archive(str(tmp_path / "a"), "zip", Path(__file__).parent, "traces.py")
    assert b"Looking for words" in b"".join(
        content for _, content in contents((tmp_path / "a.zip").read_bytes(), "a.zip")
    )
