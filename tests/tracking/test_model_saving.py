import json
from pathlib import Path

import mlflow
import numpy as np
import pytest
import skops.io
import yaml
from mlflow.models import Model
from sklearn.preprocessing import StandardScaler

from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.clustering.features import TRUSTED_TYPES
from tiktok_segments.clustering.pipeline import build_pipeline, fit_pipeline, naming_pipeline
from tiktok_segments.errors import InputError
from tiktok_segments.tracking import connection
from tiktok_segments.tracking.model_loading import find_logged_model, versions
from tiktok_segments.tracking.model_saving import (
    ModelContent,
    input_example,
    signature,
    write_model,
)

OWN = {"model_id", "model_uuid", "utc_time_created"}
"""What a description says of one model alone."""


@pytest.mark.parametrize("answer", ["long", "string"])
def test_a_model_is_written_file_for_file_as_mlflow_does(tmp_path: Path, answer: str) -> None:
    frame, _ = make_profiles(60, seed=0)
    columns = {"followers": "log_count", "engagement_rate": "log_rate"}
    pipeline = build_pipeline(columns, StandardScaler(), k=3, n_init=1, seed=0)
    fit_pipeline(pipeline, frame)
    if answer == "string":
        pipeline = naming_pipeline(pipeline, ["small", "middle", "large"])
    mlflow.sklearn.save_model(
        pipeline,
        str(tmp_path / "theirs"),
        serialization_format="skops",
        skops_trusted_types=TRUSTED_TYPES,
        signature=signature(list(columns), answer),
        input_example=input_example(frame, list(columns)),
        pip_requirements=[f"{package}=={number}" for package, number in versions().items()],
        metadata={"data_sha256": "f00"},
    )
    (tmp_path / "ours").mkdir()
    content = ModelContent(
        skops.io.dumps(pipeline), list(columns), answer, frame, {"data_sha256": "f00"}
    )
    write_model(tmp_path / "ours", content, Model())
    ours, theirs = (
        {file.name: file for file in (tmp_path / folder).iterdir()} for folder in ("ours", "theirs")
    )
    assert set(ours) == set(theirs)
    about, expected = (yaml.safe_load(files.pop("MLmodel").read_text()) for files in (ours, theirs))
    # Archives of the same objects differ by a few bytes, in which their addresses are written.
    assert about.pop("model_size_bytes") == pytest.approx(expected.pop("model_size_bytes"), rel=0.1)
    assert {k: about[k] for k in about.keys() - OWN} == {
        k: expected[k] for k in expected.keys() - OWN
    }
    for name in ("input_example.json", "python_env.yaml", "conda.yaml"):
        read = json.loads if name.endswith("json") else yaml.safe_load
        assert read(ours.pop(name).read_text()) == read(theirs.pop(name).read_text())
    for name in ("requirements.txt", "serving_input_example.json"):
        assert ours[name].read_text() == theirs[name].read_text()
    loaded = mlflow.pyfunc.load_model(str(tmp_path / "ours"))
    np.testing.assert_array_equal(loaded.predict(frame[list(columns)]), pipeline.predict(frame))


@pytest.mark.usefixtures("root")
def test_a_model_that_a_killed_process_began_to_log_is_not_taken_for_one() -> None:
    connection.connect()
    client = connection.client()
    run_id = client.create_run(connection.experiment_id()).info.run_id

    def begin() -> str:
        model = client.create_logged_model(
            connection.experiment_id(), name="named_model", source_run_id=run_id
        )
        return str(model.model_id)

    address = f"runs:/{run_id}/named_model"
    begin()
    with pytest.raises(InputError, match="There is no model"):
        find_logged_model(address)
    whole = begin()
    client.finalize_logged_model(whole, "READY")
    begin()
    assert find_logged_model(address).model_id == whole
