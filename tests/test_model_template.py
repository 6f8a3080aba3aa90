import json
from pathlib import Path

import pytest
import yaml
from sklearn.preprocessing import StandardScaler

from tiktok_segments import model_template, models, template_cache
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.model_template import OWN, describe_models, make_template
from tiktok_segments.pipeline import build_pipeline, fit_pipeline


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(template_cache, "user_cache_path", lambda _: tmp_path / "cache")
    model_template.load_template.cache_clear()
    yield tmp_path / "cache" / "templates"
    model_template.load_template.cache_clear()


def test_a_model_is_described_file_for_file_as_mlflow_does(tmp_path: Path) -> None:
    frame, _ = make_profiles(60, seed=0)
    columns = {"followers": "log_count", "engagement_rate": "log_rate"}
    pipeline = build_pipeline(columns, StandardScaler(), k=3, n_init=1, seed=0)
    fit_pipeline(pipeline, frame)
    models.save_model(pipeline, frame, tmp_path / "model", {"data_sha256": "f00"})
    files = describe_models(frame, list(columns), {"data_sha256": "f00"})
    (tmp_path / "model" / "model.skops").unlink()
    expected = {file.name: file.read_text() for file in (tmp_path / "model").iterdir()}
    described = yaml.safe_load(expected.pop("MLmodel"))
    assert yaml.safe_load(files.pop("MLmodel")) == {
        name: described[name] for name in described if name not in OWN
    }
    assert json.loads(files["input_example.json"]) == json.loads(expected["input_example.json"])
    assert files == expected


def test_the_template_is_made_once_and_one_that_is_damaged_is_not_used(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = model_template.load_template()
    (kept,) = cache.iterdir()
    model_template.load_template.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(model_template, "make_template", None)
        assert model_template.load_template() == whole
    kept.write_text(kept.read_text() + " ")
    model_template.load_template.cache_clear()
    assert set(model_template.load_template()) == set(whole)
    assert len(list(cache.iterdir())) == 2


def test_without_a_cache_that_can_be_written_it_is_made_all_the_same(cache: Path) -> None:
    cache.parent.write_text("in the way")
    assert set(model_template.load_template()) == set(make_template())
