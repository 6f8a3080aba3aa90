"""Faults of a training configuration that are known before there is a run, or any data."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tiktok_segments.clustering.features import TRANSFORMS
from tiktok_segments.defaults import LARGEST_SEED
from tiktok_segments.errors import InputError
from tiktok_segments.language import languages
from tiktok_segments.schema import COLUMNS
from tiktok_segments.segments.naming_rules import naming_faults
from tiktok_segments.wording import SWITCH

NUMBERS = {"k": 2, "n_init": 1, "seed": 0}
"""Settings that are whole numbers, with the smallest valid one."""

STRUCTURE = {
    "n_draws": 2, "n_resamples": 1, "n_splits": 1, "n_init": 1, "max_rows": 1, "resampling_seed": 0,
}  # fmt: skip
"""Those of the structure diagnostics."""

OF_A_FILE = ("format", "sheet", "header", "encoding", "decimal", "rows", "aliases")
"""Settings of ``data`` that only a file has a use for, beside its columns and units."""

NAMED = ("features", "scaler", "outliers", "structure", "selection", "naming", "figures", "engine")
"""Groups whose choices have a name, by which runs are told apart."""


@dataclass(frozen=True)
class SettingFault:
    """A setting that cannot be used: its name, the value received, and what is valid."""

    name: str
    value: str
    valid: str


def check_settings(configurations: Iterable[Mapping[str, Any]]) -> None:
    """Refuse configurations that cannot be run on whatever data.

    Parameters
    ----------
    configurations : iterable of mapping
        The plain content of composed training configurations: of a run, or of all jobs of a sweep.

    Raises
    ------
    InputError
        Naming every faulty value, a line for each setting, three at the most.

    Examples
    --------
    >>> job = {"n_init": 1, "seed": 0, "features": {"name": "size", "columns": {"likes": "raw"}},
    ...        "scaler": {"name": "standard", "estimator": {"_target_": "a.Scaler"}}}
    >>> check_settings([job | {"k": "abc"}, job | {"k": 4}, job | {"k": 1}])
    Traceback (most recent call last):
    ...
    tiktok_segments.errors.InputError: k is abc, 1; it must be a whole number from 2 up.
    """
    values: dict[tuple[str, str], dict[str, None]] = {}
    of_names: dict[str, None] = {}
    for configuration in configurations:
        if naming := configuration.get("naming"):
            of_names |= dict.fromkeys(naming_faults(naming))
        for fault in find_faults(configuration):
            values.setdefault((fault.name, fault.valid), {})[fault.value] = None
    lines = [f"{name} is {', '.join(given)}; {valid}." for (name, valid), given in values.items()]
    lines += of_names
    if len(lines) > 3:
        lines[2:] = [" ".join(lines[2:])]
    if lines:
        raise InputError("\n".join(lines))


def find_faults(configuration: Mapping[str, Any]) -> Iterator[SettingFault]:
    """Yield what of a configuration cannot be used, whatever the data.

    Parameters
    ----------
    configuration : mapping
        The plain content of a composed training configuration.
    """
    for name, smallest in NUMBERS.items():
        yield from _number(name, configuration[name], smallest)
    if not isinstance(configuration.get("profile", False), bool):
        yield SettingFault("profile", str(configuration["profile"]), "valid are true and false")
    report = configuration.get("report", False)
    if not isinstance(report, bool) and report not in languages():
        valid = f"valid are true, false and a language: {', '.join(languages())}"
        yield SettingFault("report", str(report), valid)
    resume = str(configuration.get("resume", False))
    if resume.lower() not in ("true", "false") and not re.fullmatch("[0-9a-f]{32}", resume):
        yield SettingFault("resume", resume, "valid are true, false and the id of a sweep")
    for group in NAMED:
        part = configuration.get(group, {"name": "left out"})
        if not isinstance(part, Mapping) or not str(part.get("name") or ""):
            yield SettingFault(
                f"{group}.name", "missing", f"write a name: into that file of {group}"
            )
    structure = configuration.get("structure") or {}
    if structure.get("name", "off") != "off":
        for name, smallest in STRUCTURE.items():
            yield from _number(f"structure.{name}", structure[name], smallest)
        if str(proposals := structure.get("proposals", "on")).lower() not in SWITCH:
            yield SettingFault("structure.proposals", str(proposals), "valid are on and off")
    for name, bound in ((configuration.get("selection") or {}).get("thresholds") or {}).items():
        if isinstance(bound, bool) or not isinstance(bound, int | float):
            yield SettingFault(f"selection.thresholds.{name}", str(bound), "it must be a number")
    yield from _of_no_file(configuration.get("data") or {})
    yield from _features(configuration["features"])
    estimator = configuration["scaler"].get("estimator")
    if not isinstance(estimator, Mapping) or "_target_" not in estimator:
        valid = "give _target_: the full name of a scaler's class, as conf/scaler does"
        yield SettingFault("scaler.estimator", str(estimator), valid)


def _of_no_file(data: Mapping[str, Any]) -> Iterator[SettingFault]:
    """Yield what is said of how a file is read, where none is: the sample has no use for it."""
    if data.get("path") is not None or data.get("table") is not None:
        return
    said = {name: data.get(name) for name in OF_A_FILE}
    for group in ("columns", "units"):
        said |= {f"{group}.{name}": one for name, one in (data.get(group) or {}).items()}
    for name, value in said.items():
        if value is not None:
            valid = "it says how a file is read; give data.path, or leave it out for the sample"
            yield SettingFault(f"data.{name}", str(value), valid)


def _number(name: str, value: object, smallest: int) -> Iterator[SettingFault]:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or int(str(value)) < smallest:
        yield SettingFault(name, str(value), f"it must be a whole number from {smallest} up")
    elif name.endswith("seed") and int(str(value)) > LARGEST_SEED:
        yield SettingFault(name, str(value), f"it must be a whole number from 0 to {LARGEST_SEED}")


def _features(features: Mapping[str, Any]) -> Iterator[SettingFault]:
    columns = features.get("columns")
    if not isinstance(columns, Mapping) or not columns:
        yield SettingFault(
            "features.columns", str(columns), "a feature set needs at least one column"
        )
        return
    for name, transform in columns.items():
        if name not in COLUMNS:
            near = difflib.get_close_matches(str(name), COLUMNS, n=1)
            hint = f"did you mean {near[0]}" if near else f"valid are {', '.join(COLUMNS)}"
            yield SettingFault(f"features.columns.{name}", "not a column of ours", hint)
        elif transform not in list(TRANSFORMS):  # a list would have no hash
            valid = f"valid are {', '.join(TRANSFORMS)}"
            yield SettingFault(f"features.columns.{name}", repr(transform), valid)
