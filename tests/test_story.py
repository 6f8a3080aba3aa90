"""The life of a model on the published accounts, in processes of their own, as a team lives it."""

import json
from collections.abc import Callable
from pathlib import Path

import mlflow
import pandas as pd

from commands import Outcome
from logged_runs import newest_run
from published import PROFILES, needs_published
from tiktok_segments.registry import versions
from tiktok_segments.tracking import connection

HELD_BACK = 200


def hold_back(root: Path) -> tuple[Path, Path]:
    """Part the published file in two: what is trained on, and accounts that come later."""
    profiles = pd.read_csv(PROFILES, dtype=str, keep_default_na=False)
    later = profiles.sample(HELD_BACK, random_state=0)
    profiles.drop(later.index).to_csv(root / "first export.csv", index=False)
    later.to_csv(root / "later.csv", index=False)
    return root / "first export.csv", root / "later.csv"


def registered() -> list[tuple[str, tuple[str, ...], str]]:
    return [(str(v.version), tuple(v.aliases), v.description) for v in versions.versions()]


@needs_published
def test_a_model_is_swept_promoted_used_retrained_refused_forced_and_rolled_back(
    process: Callable[..., Outcome], forked: Callable[..., Outcome], root: Path
) -> None:
    first, later = hold_back(root)
    swept = process("train.py", "-m", "k=3,4,5", f"data.path={first}")
    assert swept.status == 0, swept.err
    promoted = forked("scripts/promote_model.py")
    assert promoted.status == 0, promoted.out + promoted.err
    connection.connect()
    version, champion = versions.load_champion()
    assert version.tags["verdict"] == "continuum"
    profiled = forked("scripts/profile_segments.py")
    assert all(name in profiled.out for name in champion.names), profiled.err
    segments = pd.read_csv(root / "outputs/segments/segments.csv")
    ids = {segment.name: segment.segment_id for segment in champion.segments}
    assert dict(zip(segments["segment"], segments["segment_id"], strict=True)) == ids

    assigned = forked(
        "scripts/assign_segments.py", f"data.path={later}", f"output={root / 'assigned.csv'}"
    )
    assert assigned.status == 0, assigned.err
    table = pd.read_csv(root / "assigned.csv")
    assert len(table) == HELD_BACK and set(table["segment"]) <= set(champion.names)
    assert (table["segment"].map(ids) == table["segment_id"]).all()
    answers = mlflow.pyfunc.load_model("models:/tiktok-influencer-segments@champion").predict(table)
    assert answers.tolist() == table["segment"].to_list()

    k = len(champion.names)
    forked("train.py", f"k={k}", "seed=7", f"data.path={first}")
    retrained = forked("scripts/promote_model.py", f"run={newest_run()}")
    assert retrained.status == 0, retrained.out + retrained.err
    _, heir = versions.load_champion()
    assert {segment.name: segment.segment_id for segment in heir.segments} == ids

    before = registered()
    published = ["outliers=iqr", "features=published", "k=5"]
    forked("train.py", *published, f"data.path={first}")
    run_id = newest_run()
    refused = forked("scripts/promote_model.py", f"run={run_id}")
    assert refused.status == 1
    for condition in ("verdict", "stability", "size"):
        assert condition in refused.out.split("Refused:")[1]
    assert registered() == before
    decision = json.loads(mlflow.artifacts.load_text(f"runs:/{run_id}/promotion.json"))
    assert decision["outcome"] == "refused"

    forced = forked(
        "scripts/promote_model.py",
        f"run={run_id}",
        "force=true",
        "reason=the client's own segments",
    )
    assert forced.status == 0 and "by force" in forced.out
    assert versions.load_champion()[0].run_id == run_id
    back = forked("scripts/promote_model.py", "version=2")
    assert back.status == 0
    assert versions.load_champion()[1].names == heir.names
