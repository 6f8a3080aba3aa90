import pandas as pd

from tiktok_segments.sweeps.description import best_scores, describe_sweep
from tiktok_segments.tracking.run_names import NOTE_LENGTH
from tiktok_segments.validation.selection import Decision

HIDDEN = {"path": "maya.csv", "pseudonyms": "1234567890ab"}


def decision(n_candidates: int) -> Decision:
    k = range(2, n_candidates + 2)
    candidates = pd.DataFrame(
        {
            "space": "core.standard", "k": k, "silhouette": 0.5, "inertia": 900.0,
            "smallest_share": 0.1, "valley": float("nan"), "admissible": True,
            "chosen": [value == 4 for value in k],
        }
    )  # fmt: skip
    return Decision(
        rule="structure", verdict="continuum", run_id="0" * 32, features="core",
        scaler="standard", k=4, reason="A <b>reason</b> | of two.", candidates=candidates,
    )  # fmt: skip


def test_a_sweep_is_described_by_verdict_reason_candidates_and_what_to_do_next() -> None:
    text = describe_sweep("5" * 32, decision(4), "#/experiments/1/runs/x", HIDDEN)
    assert "one continuous cloud" in text
    assert "[k = 4, core, standard](#/experiments/1/runs/x)" in text
    assert r"A &lt;b>reason&lt;/b> \| of two." in text
    assert "| ★ core.standard | 4 |" in text
    assert f"profile_segments.py sweep={'5' * 32} data.path=FILE` names" in text


def test_the_description_of_a_large_sweep_fits_and_keeps_its_best_run() -> None:
    text = describe_sweep("5" * 32, decision(2_000), "#/", {"path": None})
    assert len(text) <= NOTE_LENGTH
    assert "★ core.standard" in text and "of 2000 candidates" in text and "promote_model" in text


def test_scores_that_are_not_known_are_no_metrics_of_the_sweep() -> None:
    assert best_scores(decision(4)) == {
        "silhouette": 0.5, "inertia": 900.0, "smallest_share": 0.1
    }  # fmt: skip
