"""Configurations as plain data and as YAML."""

from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from tiktok_segments.tracking.artifacts import to_yaml
from tiktok_segments.training.configuration import read_config

CONF = Path(__file__).parents[2] / "conf"

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="$"))
likely = st.sampled_from(["1e3", "-1_000", ".5", "0x1F", "1:30", "2024-01-01", "on", "Null", "nan"])


@given(texts | likely | st.floats(allow_nan=False) | st.integers() | st.booleans() | st.none())
def test_what_is_written_is_read_back_by_omegaconf_and_by_any_reader_of_yaml(value: object) -> None:
    plain = {"name": value, "nested": {"list": [value]}}
    assert OmegaConf.to_container(OmegaConf.create(to_yaml(plain))) == plain
    assert yaml.safe_load(to_yaml(plain)) == plain


def test_it_is_written_as_omegaconf_writes_it() -> None:
    files = sorted(CONF.rglob("*.yaml"))
    assert files
    for file in files:
        config = OmegaConf.load(file)
        if not (file.parent.name in ("help", "privacy") or "${" in file.read_text()):
            assert to_yaml(read_config(config)) == OmegaConf.to_yaml(config), file
            assert yaml.safe_load(OmegaConf.to_yaml(config)) == read_config(config), file
