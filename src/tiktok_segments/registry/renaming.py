"""An analyst's own name for a segment, which retrained models keep."""

from dataclasses import replace

import pandas as pd
from mlflow.entities.model_registry import ModelVersion

from tiktok_segments.errors import InputError
from tiktok_segments.registry import versions
from tiktok_segments.segments.identity import SegmentIdentity
from tiktok_segments.tracking import model_loading
from tiktok_segments.tracking.named_model import NamedModel, load_named_model, log_named_model


def rename_segment(old: str, new: str) -> tuple[ModelVersion, ModelVersion]:
    """Give a segment of the champion a name of the analyst's own.

    The model answers with names, so that a new version is made of it: same centres, same ids.

    Parameters
    ----------
    old : str
        The segment's name now, in capitals or not.
    new : str
        Its name from now on.

    Returns
    -------
    now, before : ModelVersion
        The champion under the new name, and the version it was made of.

    Raises
    ------
    InputError
        If the champion has no segment of that name, or another bears the new one.
    """
    current, model = versions.load_champion()
    new = " ".join(new.split())
    same = [name for name in model.names if name.casefold() == old.strip().casefold()]
    if not same:
        raise InputError(
            f"Version {current.version} has no segment {old!r}; it has: {', '.join(model.names)}."
        )
    old = old if old in same else same[0]
    others = {name.casefold() for name in model.names if name != old}
    if not new or new == old or new.casefold() in others:
        raise InputError(f"to={new!r} is {'taken' if new else 'empty'}; give a name of its own.")
    segments = [
        replace(s, name=new, claims=None, formerly="") if s.name == old else s
        for s in model.segments
    ]
    text = f"Version {current.version} with the segment “{old}” renamed to “{new}”."
    with versions.promotion_lock(current):
        version = _register(current, model, segments, text)
        versions.make_champion(version, current)
    return version, current


def _register(
    current: ModelVersion, model: NamedModel, segments: list[SegmentIdentity], text: str
) -> ModelVersion:
    """Log and register the champion's model under other names."""
    clusters = model_loading.load_model(f"runs:/{current.run_id}/{model_loading.MODEL}")
    columns = model.baseline["columns"].items()
    example = pd.DataFrame({name: [seen["minimum"], seen["maximum"]] for name, seen in columns})
    address = log_named_model(
        str(current.run_id), clusters, example, segments, model.baseline, model.facts
    )
    tags = {name: current.tags[name] for name in ("verdict", "k")}
    return versions.register(address, load_named_model(address), tags, text)
