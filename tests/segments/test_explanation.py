import numpy as np
import pandas as pd
import pytest

from examples import CORE, make_segmentation
from tiktok_segments.errors import InputError
from tiktok_segments.segments.explanation import explain_account, find_account, weigh_features


def test_weights_add_up_to_what_k_means_compares() -> None:
    segmentation = make_segmentation()
    frame, labels = segmentation.dataset.frame, segmentation.labels
    following = segmentation.membership["next_cluster"].to_numpy()
    weights = weigh_features(segmentation.pipeline, frame, labels, following)
    assert weights.shape == (len(frame), len(CORE))
    np.testing.assert_allclose(np.abs(weights).sum(axis=1), 1)
    # The own centre is nearer, so what speaks for it outweighs the rest.
    assert (weights.sum(axis=1) > 0).all()


def test_the_explanation_names_both_segments_and_what_decides() -> None:
    segmentation = make_segmentation()
    row = segmentation.accounts.iloc[30]
    explanation = explain_account(segmentation, f"@{row['account_id']}")
    assert explanation.segment == row["segment"]
    assert explanation.next_segment == row["next_segment"]
    assert row["segment"] in explanation.sentences[0]
    assert set(explanation.table["measure"]) == {
        "followers", "accounts followed", "videos", "engagement",
    }  # fmt: skip
    shares = explanation.table["speaks_for"].str.extract(r"\(([\d.]+) %\)")[0].astype(float)
    assert shares.is_monotonic_decreasing
    assert 98 <= shares.sum() <= 102


def test_a_border_case_is_called_one() -> None:
    segmentation = make_segmentation()
    ambiguous = segmentation.accounts[segmentation.accounts["ambiguous"]]
    explanation = explain_account(segmentation, ambiguous["account_id"].iloc[-1])
    assert any("border case" in sentence for sentence in explanation.sentences)


@pytest.mark.parametrize(
    "wanted", ["maya", "@maya", " MAYA ", "https://www.tiktok.com/@maya?lang=en"]
)
def test_an_account_is_found_in_any_spelling(wanted: str) -> None:
    assert find_account(pd.Series(["leo", "maya"]), wanted, "a run") == 1


def test_the_exact_spelling_goes_first() -> None:
    assert find_account(pd.Series(["MAYA", "maya"]), "maya", "a run") == 1


def test_an_unknown_account_is_told_with_what_is_like_it() -> None:
    with pytest.raises(InputError, match=r"no account 'may'(.|\n)*Did you mean maya, mayo\?"):
        find_account(pd.Series(["maya", "mayo", "leo"]), "may", "a run")
