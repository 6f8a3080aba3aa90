"""The card of a promoted model: every heading filled, every figure that of the accounts."""

import re
from dataclasses import replace

import numpy as np
import pytest

from examples import make_lineage, make_segmentation
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.registry import versions
from tiktok_segments.registry.model_card import build_card, card_as_markdown
from tiktok_segments.tracking import artifacts, connection

BASELINE = {
    "accounts": 80,
    "out_of_range_share": 0.0,
    "columns": {"followers": {"minimum": 1.0, "maximum": 2.0}},
}
CONFIG = {
    "features": {"name": "core", "columns": {"followers": "log_count"}},
    "scaler": {"name": "standard"},
}
RECORD = {"outcome": "promoted", "reason": None, "conditions": []}


@pytest.mark.usefixtures("champion_root")
def test_the_card_of_the_champion_is_an_artifact_that_agrees_with_its_accounts() -> None:
    connection.connect()
    version, model = versions.load_champion()
    card = artifacts.load_document(str(version.run_id), f"segments/{artifacts.MODEL_CARD}")
    assert card is not None
    profiles, _ = make_profiles(300, seed=0)
    places = model.assign(profiles)
    assert [row["accounts"] for row in card["segments"]] == np.bincount(places).tolist()
    for place, row in enumerate(card["segments"]):
        mine = profiles[places == place]
        assert row["followers_median"] == mine["followers"].median()
        assert 0.75 <= row["stability"] <= 1
    ranges = card["drift_baseline"]["ranges"]
    assert ranges["followers"] == [profiles["followers"].min(), profiles["followers"].max()]
    assert card["data"]["synthetic"] and "synthetic" in card["limits"][0]
    assert f"segments/{artifacts.MODEL_CARD}.md" in str(version.description)
    page = artifacts.load_bytes(str(version.run_id), f"segments/{artifacts.MODEL_CARD}.md").decode()
    headings = re.findall(r"^## (.+)$", page, re.MULTILINE)
    assert {"Data", "Verdict", "Segments", "Intended use", "Limits", "Promotion"} <= set(headings)
    assert not re.search(r"^## .+\n+(##|$(?![\s\S]))", page, re.MULTILINE), "an empty heading"


def test_the_licence_is_said_where_it_is_known_and_text_stays_text() -> None:
    segmentation, lineage = replace(make_segmentation(), config=CONFIG), make_lineage()
    silent = build_card(segmentation, lineage, RECORD, BASELINE, None)
    assert "Licence" not in card_as_markdown(silent, segmentation)
    card = build_card(segmentation, lineage, RECORD, BASELINE, "CC BY <4.0>")
    assert card["data"]["licence"] == "CC BY <4.0>"
    page = card_as_markdown(card, segmentation)
    assert "Licence: " in page and "<4.0>" not in page


def test_no_folder_of_the_data_is_named() -> None:
    segmentation = make_segmentation()
    dataset = replace(segmentation.dataset, source="/home/maya/export.csv")
    segmentation = replace(segmentation, config=CONFIG, dataset=dataset)
    card = build_card(segmentation, make_lineage(), RECORD, BASELINE, None)
    assert card["data"]["export"] == "export.csv"
    assert "maya" not in card_as_markdown(card, segmentation)
