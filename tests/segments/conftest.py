"""Naming rules as they are delivered."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

CONF = Path(__file__).resolve().parents[2] / "conf"


def compose_naming(choice: str) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIKTOK_SEGMENTS_ROOT", str(CONF.parent))
        with initialize_config_dir(str(CONF), version_base="1.3"):
            config = compose("config", overrides=[f"naming={choice}"])
    naming: Any = OmegaConf.to_container(config.naming, resolve=True)
    return dict(naming)


@pytest.fixture(scope="module")
def by_median() -> Iterator[dict[str, Any]]:
    """Return the rules as delivered; none of the tests may change them."""
    naming = compose_naming("median")
    before = json.dumps(naming)
    yield naming
    assert json.dumps(naming) == before


@pytest.fixture(scope="module")
def by_mean() -> dict[str, Any]:
    return compose_naming("mean")
