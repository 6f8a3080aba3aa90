"""Pipelines that share steps, in skops' format: what they share is written once.

A skops file is a ZIP archive: ``schema.json`` describes every object, and files in NumPy's format
hold the arrays. skops writes the schema with indents, for which Python's JSON has no fast way: that
takes four fifths of the time in which a pipeline is written, and of the file.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import ZipFile

import skops.io
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

SCHEMA = "schema.json"
"""The file of an archive that describes the object in it."""


@dataclass(frozen=True)
class SkopsArchive:
    """A pipeline of one step in skops' format, named apart from those of other places.

    Attributes
    ----------
    schema : dict
        Description of the pipeline: nodes, each with an ``__id__`` that all nodes of one and the
        same object have, arrays with the name of their ``file``.
    arrays : dict of str to bytes
        Content of those files, by name.
    """

    schema: dict[str, Any]
    arrays: dict[str, bytes]


def archive_step(place: int, name: str, step: BaseEstimator) -> SkopsArchive:
    """Write a step of a pipeline.

    Parameters
    ----------
    place : int
        Number of the step in its pipeline, from 0.
    name : str
        Its name.
    step : estimator
        Fitted.

    Returns
    -------
    SkopsArchive
        To be joined with the other steps' by :func:`dump_steps`.
    """
    with ZipFile(io.BytesIO(skops.io.dumps(Pipeline([(name, step)])))) as archive:
        files = {file: archive.read(file) for file in archive.namelist()}
    schema = _set_apart(json.loads(files.pop(SCHEMA)), place)
    return SkopsArchive(schema, {_apart(file, place): files[file] for file in files})


def dump_steps(archives: Sequence[SkopsArchive]) -> bytes:
    """Write a pipeline whose steps are written already.

    Parameters
    ----------
    archives : sequence of SkopsArchive
        As :func:`archive_step` returns them, in the order of their places.

    Returns
    -------
    bytes
        Content of a skops file. It loads as what ``skops.io.dumps`` writes of the whole pipeline,
        but that an object which is in two steps becomes two.

    Examples
    --------
    >>> from sklearn.cluster import KMeans
    >>> from sklearn.preprocessing import StandardScaler
    >>> X = [[1.0], [2.0], [9.0]]
    >>> scaler = StandardScaler().fit(X)
    >>> kmeans = KMeans(2, n_init=1, random_state=0).fit(scaler.transform(X))
    >>> content = dump_steps([archive_step(0, "scaler", scaler), archive_step(1, "kmeans", kmeans)])
    >>> skops.io.loads(content)
    Pipeline(steps=[('scaler', StandardScaler()),
                    ('kmeans', KMeans(n_clusters=2, n_init=1, random_state=0))])
    """
    content = io.BytesIO()
    with ZipFile(content, "w") as file:
        for archive in archives:
            for name, array in archive.arrays.items():
                file.writestr(name, array)
        file.writestr(SCHEMA, json.dumps(_join([archive.schema for archive in archives])))
    return content.getvalue()


def _join(schemas: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the description of a pipeline that has the steps of several."""
    first = schemas[0]
    state = first["content"]["content"]
    steps = [
        step for schema in schemas for step in schema["content"]["content"]["steps"]["content"]
    ]
    joined = state | {"steps": state["steps"] | {"content": steps}}
    return first | {"content": first["content"] | {"content": joined}}


def _set_apart(node: Any, place: int) -> Any:
    """Return a description whose objects and files are named as those of no other place are.

    Objects go by their addresses in memory, where another object may have been before.
    """
    if isinstance(node, list):
        return [_set_apart(part, place) for part in node]
    if not isinstance(node, dict):
        return node
    found = {key: _set_apart(value, place) for key, value in node.items()}
    if "__id__" in node:
        found["__id__"] = node["__id__"] + (place << 64)  # more than any address
    if isinstance(node.get("file"), str):  # which in a description of settings can be a setting
        found["file"] = _apart(node["file"], place)
    return found


def _apart(file: str, place: int) -> str:
    return f"{place}-{file}"
