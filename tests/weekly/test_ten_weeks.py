"""Ten weeks with nobody watching: what becomes of each export, and of the champion."""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from commands import Outcome
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.defaults import VARIABLES
from tiktok_segments.files import sha256_of
from tiktok_segments.registry import versions
from tiktok_segments.tracking import connection
from tiktok_segments.weekly import list_weeks

FILTER = "clean.min_followers=2500"


def write_exports(folder: Path) -> dict[str, Path]:
    """Write the export of each week, in the order of the weeks."""
    rng = np.random.default_rng(3)
    folder.mkdir()
    first, _ = make_profiles(300, seed=0)
    first["collected_at"] = "2026-05-04"
    first.loc[288:, "followers"] = 500  # whom the filter leaves out
    drifted = first.assign(
        followers=(first["followers"] * rng.normal(1, 0.02, 300)).round().astype(int),
        collected_at="2026-05-11",
    )
    drifted.loc[:4, "account_id"] = [f"newcomer_{number}" for number in range(5)]
    shifted = drifted.assign(followers=drifted["followers"] * 3, collected_at="2026-05-18")
    usual = shifted.assign(
        followers=(shifted["followers"] * rng.normal(1, 0.02, 300)).round().astype(int)
    )
    half = usual["account_id"].where(np.arange(300) % 2 == 0, "other_" + usual["account_id"])
    rates = ["engagement_rate", "like_rate", "comment_rate"]
    frames = {
        "first": first,
        "small drift": drifted,
        "true shift": shifted,
        "renamed column": usual.rename(columns={"comment_rate": "talkativeness"}),
        "percent": usual.assign(**{name: usual[name] * 100 for name in rates}),
        "filter forgotten": usual,
        "half new": usual.assign(account_id=half, collected_at="2026-05-25"),
    }
    files = {name: folder / f"{name}.csv" for name in frames}
    for name, frame in frames.items():
        frame.to_csv(files[name], index=False)
    files |= {name: folder / f"{name}.csv" for name in ("empty", "cut in half", "byte copy")}
    files["empty"].write_bytes(b"")
    whole = files["filter forgotten"].read_bytes()
    files["cut in half"].write_bytes(whole[: len(whole) // 2])
    files["byte copy"].write_bytes(files["small drift"].read_bytes())
    order = ("first", "small drift", "true shift", "renamed column", "empty", "cut in half")
    order += ("byte copy", "percent", "filter forgotten", "half new")
    return {name: files[name] for name in order}


@dataclass(frozen=True)
class Expected:
    """What a week is to come to."""

    status: int
    outcome: str
    champion: str
    word: str


WEEKS = {
    "first": Expected(3, "replaced", "1", "Retraining"),
    "small drift": Expected(0, "kept", "1", "the drift verdict is keep."),
    "true shift": Expected(3, "replaced", "2", "Retraining"),
    "renamed column": Expected(5, "held", "2", "Not used: talkativeness"),
    "empty": Expected(1, "failed", "2", "is empty"),
    "cut in half": Expected(5, "held", "2", "fewer than the"),
    "byte copy": Expected(5, "held", "2", "These very bytes were taken in"),
    "percent": Expected(1, "failed", "2", "data.units.engagement_rate=percent"),
    "filter forgotten": Expected(0, "kept", "2", "the drift verdict is keep."),
    "half new": Expected(5, "held", "2", "of the accounts are new"),
}

BEFORE = {
    "first": [],
    "small drift": ["first.csv"],
    "true shift": ["small drift.csv"],
    "filter forgotten": ["true shift.csv"],
}
"""The export that the report of a week compares with."""


@pytest.fixture(
    params=[
        pytest.param("sqlite", marks=pytest.mark.xdist_group("weeks")),
        pytest.param("postgresql", marks=pytest.mark.xdist_group("tracking server")),
    ]
)
def store(request: pytest.FixtureRequest, root: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store without any week: on SQLite, or on the server, under names of this test alone."""
    if request.param == "postgresql":
        monkeypatch.setenv("MLFLOW_TRACKING_URI", request.getfixturevalue("tracking_server"))
        for name in VARIABLES.values():
            monkeypatch.setenv(name, "ten weeks")
    return str(request.param)


def files_of(folder: Path) -> dict[str, str]:
    return {file.name: sha256_of(file) for file in sorted(folder.rglob("*")) if file.is_file()}


def test_ten_weeks_replace_the_champion_only_where_the_shift_is_true(
    forked: Callable[..., Outcome], root: Path, store: str
) -> None:
    told = root / "told.jsonl"
    program = root / "tell.py"
    program.write_text(f"import sys; open({str(told)!r}, 'a').write(sys.stdin.read() + chr(10))")
    folder, before = root / "outputs" / "weekly", {}
    connection.connect()
    for name, export in write_exports(root / "exports").items():
        settings = [f"data.path={export}", "k=[5]", f"output={folder}"]
        settings += [FILTER] if name in ("first", "small drift", "true shift") else []
        settings.append(f"notify.command={sys.executable} {program}")
        outcome = forked("scripts/weekly.py", *settings)
        expected = WEEKS[name]
        assert outcome.status == expected.status, (name, outcome.out, outcome.err)
        assert expected.word in outcome.out + outcome.err, (name, outcome.out, outcome.err)
        champion = versions.champion()
        assert champion is not None and str(champion.version) == expected.champion, name
        now = files_of(folder)
        if expected.outcome in ("held", "failed"):
            assert now == before, name
        else:
            assert {"assigned.csv", "report.html", "accounts.csv", "segments.csv"} <= set(now)
            assigned = pd.read_csv(folder / "assigned.csv")
            assert set(assigned["model_version"]) == {int(expected.champion)}
            _, model = versions.load_champion()
            assert set(assigned["segment"]) <= set(model.names)
            assert assigned["followers"].min() >= 2500
            page = (folder / "report.html").read_text(encoding="utf-8")
            earlier = re.findall(r"What changed since [-0-9]+ \((.*?)\)", page)
            assert earlier == BEFORE[name], name
            assert page.count("<polyline") == (5 if earlier else 0), name
            assert page.count(", held: ") == (3 if name == "filter forgotten" else 0)
        before = now
    weeks = list_weeks().tail(len(WEEKS)).reset_index(drop=True)
    assert weeks["outcome"].to_list() == [expected.outcome for expected in WEEKS.values()]
    assert weeks["champion"].to_list() == [expected.champion for expected in WEEKS.values()]
    counts = weeks.set_index(pd.Index(WEEKS))
    assert counts.loc["small drift", ["new", "gone", "back"]].to_list() == [5, 5, 0]
    assert counts.loc["small drift", "reason"] == "The drift verdict is keep."
    assert (weeks["reason"] != "").all()
    printed = forked("scripts/weekly.py", "history=true")
    assert printed.status == 0 and printed.out.count("held") >= 4, printed.out
    messages = [json.loads(line) for line in told.read_text().splitlines()]
    wanted = [e.outcome for e in WEEKS.values() if e.outcome != "kept"]
    assert [message["event"] for message in messages] == wanted
    assert messages[1]["champion_before"] == "1" and messages[1]["champion"] == "2"
