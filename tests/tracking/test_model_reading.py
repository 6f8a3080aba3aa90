"""Models are read by skops alone, whatever their folder holds or says of itself."""

import hashlib
import io
import json
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import skops.io
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.clustering.pipeline import build_pipeline, fit_pipeline
from tiktok_segments.errors import InputError
from tiktok_segments.tracking import connection, model_loading
from tiktok_segments.tracking.artifacts import MODEL_FILE, REQUIREMENTS
from tiktok_segments.tracking.model_loading import (
    digest_of_model,
    find_logged_model,
    logged_versions,
    read_model,
)


def archive(**files: object) -> bytes:
    """Return a zip file of JSON documents."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        for name, content in files.items():
            packed.writestr(f"{name}.json", json.dumps(content))
    return written.getvalue()


WHOLE = skops.io.dumps(make_pipeline(StandardScaler()))
REFUSED = {
    "a pickle": (pickle.dumps(make_pipeline(StandardScaler())), "damaged or was changed"),
    "half a file": (WHOLE[: len(WHOLE) // 2], "damaged or was changed"),
    "a zip of nothing": (archive(), "damaged or was changed.*schema.json"),
    "a schema of nothing": (archive(schema={}), "damaged or was changed"),
    "a schema of numbers": (archive(schema=3), "damaged or was changed"),
    "a packed file that says it is encrypted": (
        WHOLE.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x41"),
        "damaged or was changed",
    ),
    "a function to call": (
        skops.io.dumps(make_pipeline(FunctionTransformer(os.system))),
        "damaged or was changed.*posix.system",
    ),
    "a type of ours": (
        skops.io.dumps(make_pipeline(FunctionTransformer(read_model))),
        "damaged or was changed.*read_model",
    ),
    "no pipeline": (skops.io.dumps(StandardScaler()), "no scikit-learn pipeline"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_pipeline_of_skops_is_refused_with_the_models_name(
    case: str, tmp_path: Path
) -> None:
    content, words = REFUSED[case]
    (tmp_path / MODEL_FILE).write_bytes(content)
    with pytest.raises(InputError, match=f"Model models:/m/1 is {words}") as refusal:
        read_model(tmp_path, "models:/m/1")
    assert len(str(refusal.value)) < 300


def test_a_folder_without_a_file_of_skops_is_refused_whatever_else_it_has(tmp_path: Path) -> None:
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(make_pipeline(StandardScaler())))
    with pytest.raises(InputError, match="is not stored in skops' format; it is not loaded"):
        read_model(tmp_path, "models:/m/1")


def test_a_pipeline_is_read_as_it_was_written(tmp_path: Path) -> None:
    frame, _ = make_profiles(60, seed=0)
    columns = {"followers": "log_count", "engagement_rate": "log_rate"}
    pipeline = build_pipeline(columns, StandardScaler(), k=3, n_init=1, seed=0)
    fit_pipeline(pipeline, frame)
    (tmp_path / MODEL_FILE).write_bytes(skops.io.dumps(pipeline))
    read = read_model(tmp_path, "models:/m/1")
    assert isinstance(read, Pipeline)
    np.testing.assert_array_equal(read.predict(frame), pipeline.predict(frame))


def test_a_models_digest_is_of_every_file_by_name_and_content(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c.txt").write_text("2")
    (tmp_path / "a.txt").write_text("1")
    lines = "".join(
        f"{name}\0{hashlib.sha256(text.encode()).hexdigest()}\n"
        for name, text in (("a.txt", "1"), ("b/c.txt", "2"))
    )
    expected = hashlib.sha256(lines.encode()).hexdigest()
    assert digest_of_model(tmp_path) == expected
    (tmp_path / "registered_model_meta").write_text("of MLflow's")
    assert digest_of_model(tmp_path) == expected
    (tmp_path / "z.txt").touch()
    assert digest_of_model(tmp_path) != expected


def test_versions_are_those_of_the_runs_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_loading, "download_model", lambda address: tmp_path)
    with pytest.raises(InputError, match="Run r has no model; it is not a whole training run"):
        logged_versions("r")
    (tmp_path / REQUIREMENTS).write_text("mlflow==3.18.0\nskops==0.13\n")
    assert logged_versions("r") == {"mlflow": "3.18.0", "skops": "0.13"}


@pytest.mark.usefixtures("root")
def test_an_address_leads_to_its_own_model_only() -> None:
    connection.connect()
    client = connection.client()
    run_id = client.create_run(connection.experiment_id()).info.run_id
    made = {}
    for name in ("model", "named_model"):
        model = client.create_logged_model(
            connection.experiment_id(), name=name, source_run_id=run_id
        )
        client.finalize_logged_model(model.model_id, "READY")
        made[name] = model.model_id
    again = client.create_logged_model(
        connection.experiment_id(), name="model", source_run_id=run_id
    )
    client.finalize_logged_model(again.model_id, "READY")
    made["model"] = again.model_id  # the newest of one name is meant
    for name, model_id in made.items():
        assert find_logged_model(f"runs:/{run_id}/{name}").model_id == model_id
        assert find_logged_model(f"models:/{model_id}").name == name
    for address in (
        f"runs:/{run_id}", f"runs:/{run_id}/other", f"runs:/{run_id}/mod'el",
        f"runs:/{'0' * 32}/model", "models:/m-0", "/elsewhere/model",
    ):  # fmt: skip
        with pytest.raises(InputError, match=f"There is no model {address} in "):
            find_logged_model(address)
