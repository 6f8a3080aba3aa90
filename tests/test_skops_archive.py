import io
import json
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
import skops.io
from sklearn.cluster import KMeans
from sklearn.preprocessing import (
    StandardScaler,
)

from examples import SCALERS
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.features import TRUSTED_TYPES
from tiktok_segments.pipeline import build_pipeline, fit_pipeline
from tiktok_segments.skops_archive import archive_step, dump_steps

COLUMNS = {
    "followers": "log_count",
    "videos": "raw",
    "engagement_rate": "log_rate",
    "comment_rate": "log_comment_rate",
    "is_verified": "raw",
}


def described(content: bytes) -> Any:
    """Return all that a skops file says of an object, the arrays' bytes in place of addresses."""
    with ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    objects: dict[int, Any] = {}

    def resolve(node: Any) -> Any:
        if isinstance(node, list):
            return [resolve(part) for part in node]
        if not isinstance(node, dict):
            return node
        found = {key: resolve(node[key]) for key in node if key not in ("__id__", "file")}
        if "file" in node:
            found["file"] = files.pop(node["file"], None) or objects[node["__id__"]]["file"]
        if "__id__" in node:  # what has one address is loaded as one object
            assert objects.setdefault(node["__id__"], found) == found
        return found

    whole = resolve(json.loads(files.pop("schema.json")))
    assert not files, "there is a file that the schema does not name"
    return whole


@pytest.mark.parametrize(
    "scaler",
    SCALERS,
    ids=lambda scaler: type(scaler).__name__,
)
def test_a_pipeline_in_parts_says_word_for_word_what_skops_writes_of_it_as_a_whole(
    scaler: StandardScaler,
) -> None:
    profiles, _ = make_profiles(200, seed=0)
    pipeline = build_pipeline(COLUMNS, scaler, k=4, n_init=1, seed=0)
    _, labels = fit_pipeline(pipeline, profiles)
    content = dump_steps([archive_step(place, *step) for place, step in enumerate(pipeline.steps)])
    assert described(content) == described(skops.io.dumps(pipeline))
    assert skops.io.get_untrusted_types(data=content) == TRUSTED_TYPES
    loaded = skops.io.loads(content, trusted=TRUSTED_TYPES)
    assert loaded.predict(profiles).tolist() == labels.tolist()


def test_one_set_of_steps_serves_many_last_ones() -> None:
    X = np.array([[1.0], [2.0], [9.0], [12.0]])
    scaler = StandardScaler().fit(X)
    shared = archive_step(0, "scaler", scaler)
    for k in (2, 3, 4):
        kmeans = KMeans(k, n_init=1, random_state=0).fit(scaler.transform(X))
        loaded = skops.io.loads(dump_steps([shared, archive_step(1, "kmeans", kmeans)]))
        assert list(loaded.named_steps) == ["scaler", "kmeans"]
        assert loaded.predict(X).tolist() == kmeans.labels_.tolist()


def test_an_object_at_an_address_where_another_one_was_is_not_taken_for_it() -> None:
    scaler = StandardScaler().fit([[1.0], [2.0]])
    shared = archive_step(0, "first", scaler)
    scaler.fit([[10.0], [20.0]])
    first, second = skops.io.loads(dump_steps([shared, archive_step(1, "second", scaler)]))
    assert (first.mean_.tolist(), second.mean_.tolist()) == ([1.5], [15.0])
