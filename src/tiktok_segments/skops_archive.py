"""Pipelines that differ in their last step only, in skops' format: what they share is written once.

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
    """An object in skops' format.

    Attributes
    ----------
    schema : dict
        Description of the object: nodes, each with an ``__id__`` that all nodes of one and the
        same object have, arrays with the name of their ``file``.
    arrays : dict of str to bytes
        Content of those files, by name.
    """

    schema: dict[str, Any]
    arrays: dict[str, bytes]


def archive_steps(steps: Sequence[tuple[str, BaseEstimator]]) -> SkopsArchive:
    """Write a pipeline of some steps.

    Parameters
    ----------
    steps : sequence of (str, estimator)
        Fitted.

    Returns
    -------
    SkopsArchive
        To be completed by :func:`dump_with_last_step`.
    """
    with ZipFile(io.BytesIO(skops.io.dumps(Pipeline(list(steps))))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return SkopsArchive(json.loads(files.pop(SCHEMA)), files)


def dump_with_last_step(shared: SkopsArchive, name: str, step: BaseEstimator) -> bytes:
    """Write a pipeline of which all steps but the last are written already.

    Parameters
    ----------
    shared : SkopsArchive
        The other steps, as :func:`archive_steps` returns them.
    name : str
        Name of the last step.
    step : estimator
        The last step, fitted.

    Returns
    -------
    bytes
        Content of a skops file. It loads as what ``skops.io.dumps`` writes of the whole pipeline,
        but that an object which is in the last step and in another one becomes two.

    Examples
    --------
    >>> from sklearn.cluster import KMeans
    >>> from sklearn.preprocessing import StandardScaler
    >>> X = [[1.0], [2.0], [9.0]]
    >>> scaler = StandardScaler().fit(X)
    >>> kmeans = KMeans(2, n_init=1, random_state=0).fit(scaler.transform(X))
    >>> content = dump_with_last_step(archive_steps([("scaler", scaler)]), "kmeans", kmeans)
    >>> skops.io.loads(content)
    Pipeline(steps=[('scaler', StandardScaler()),
                    ('kmeans', KMeans(n_clusters=2, n_init=1, random_state=0))])
    """
    last = archive_steps([(name, step)])
    content = io.BytesIO()
    with ZipFile(content, "w") as archive:
        for file, array in shared.arrays.items():
            archive.writestr(file, array)
        for file, array in last.arrays.items():
            archive.writestr(_apart(file), array)
        archive.writestr(SCHEMA, json.dumps(_join(shared.schema, _set_apart(last.schema))))
    return content.getvalue()


def _join(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Return the description of a pipeline that has the steps of two."""
    state = first["content"]
    steps = state["content"]["steps"]
    added = second["content"]["content"]["steps"]["content"]
    steps = steps | {"content": [*steps["content"], *added]}
    return first | {"content": state | {"content": state["content"] | {"steps": steps}}}


def _set_apart(node: Any) -> Any:
    """Return a description whose objects and files are named as those of no other archive are.

    Objects go by their addresses in memory, where another object may have been before.
    """
    if isinstance(node, list):
        return [_set_apart(part) for part in node]
    if not isinstance(node, dict):
        return node
    found = {key: _set_apart(value) for key, value in node.items()}
    if "__id__" in node:
        found["__id__"] = -node["__id__"]  # addresses are positive
    if isinstance(node.get("file"), str):  # which in a description of settings can be a setting
        found["file"] = _apart(node["file"])
    return found


def _apart(file: str) -> str:
    return f"last-{file}"
