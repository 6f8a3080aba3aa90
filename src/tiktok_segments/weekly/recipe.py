"""The champion's own recipe: how it read its export, applied to the next one or its change told."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tiktok_segments.accounts.privacy import LABEL, hold_to_privacy
from tiktok_segments.registry import ModelVersion
from tiktok_segments.registry.versions import PSEUDONYMS
from tiktok_segments.weekly.judgement import ExportDoubt

OF_A_FILE = frozenset({"path", "url", "sha256", "n_profiles", "sample_seed", "label"})
"""Settings of ``data`` that say which export, and not how it is read."""

POPULATION = ("min_followers", "regions", "languages", "verified_only", "max_missing_share")
"""Settings of ``clean`` that decide whose accounts are wanted."""


def with_pseudonyms(data: Mapping[str, Any], champion: ModelVersion | None) -> dict[str, Any]:
    """Return ``data`` with the id of a key: its own, or that of the champion's accounts."""
    recorded = champion.tags.get(PSEUDONYMS) if champion else None
    return {**data, "pseudonyms": data.get("pseudonyms") or recorded or None}


def name_export(data: Mapping[str, Any]) -> str:
    """Return what a record calls the export: its path; under pseudonyms its label.

    Examples
    --------
    >>> name_export({"path": "maya.csv"}), name_export({"path": "maya.csv", "pseudonyms": "1234"})
    ('maya.csv', 'export')
    """
    return str((data.get("label") or LABEL) if data.get("pseudonyms") else data["path"])


@dataclass(frozen=True)
class Recipe:
    """How an export is read.

    Attributes
    ----------
    settings : dict
        ``data`` and ``clean``, the champion's where nothing else was said.
    applied : dict of str to object
        Settings of the champion that differ from the defaults, by their full names.
    said : dict of str to (object, object)
        Settings that were given and differ from the champion's: the champion's, and what was said.
    """

    settings: dict[str, dict[str, Any]]
    applied: dict[str, Any]
    said: dict[str, tuple[Any, Any]]

    def doubts(self) -> list[ExportDoubt]:
        """Return a doubt for each change of whose accounts are wanted."""
        return [
            ExportDoubt(
                "recipe",
                f"{name} is {write(now)}, and {write(before)} in the champion's recipe: other "
                "accounts than it was fitted on.",
            )
            for name, (before, now) in self.said.items()
            if name.removeprefix("clean.") in POPULATION
        ]

    def passed_on(self, overrides: Sequence[str]) -> list[str]:
        """Return the settings of data, cleaning and engine, as a retraining is given them."""
        parts = ("data", "clean", "engine", "privacy")
        ours = tuple(f"{part}{mark}" for part in parts for mark in ".=")
        return [*(one for one in overrides if one.startswith(ours)), *self.overrides()]

    def overrides(self) -> list[str]:
        """Return the settings that are applied, as a command line has them."""
        return [f"{name}={write(value)}" for name, value in self.applied.items()]


def champion_recipe(
    own: Mapping[str, Any], config: Mapping[str, Any], overrides: Sequence[str]
) -> Recipe:
    """Return how an export is read, by the champion's recipe and what the user says.

    Parameters
    ----------
    own : mapping
        The plain content of the configuration that the champion was trained by.
    config : mapping
        The plain content of the command's; ``data`` and ``clean`` are read.
    overrides : sequence of str
        What was given on the command line.

    Returns
    -------
    Recipe
        What was given stands, also where it differs; of the rest the champion's. Pseudonyms are the
        champion's in any case, where its accounts have any.

    Raises
    ------
    InputError
        If the key of the champion's pseudonyms is not at hand.

    Examples
    --------
    >>> own = {"data": {"decimal": ","}, "clean": {"min_followers": 1000, "regions": []}}
    >>> config = {"data": {"decimal": None}, "clean": {"min_followers": 0, "regions": []}}
    >>> champion_recipe(own, config, []).overrides()
    ["data.decimal=','", 'clean.min_followers=1000']
    >>> recipe = champion_recipe(own, config, ["clean.min_followers=0"])
    >>> recipe.said, recipe.settings["data"], len(recipe.doubts())
    ({'clean.min_followers': (1000, 0)}, {'decimal': ','}, 1)
    """
    # The default choice says nothing, as where MLflow Projects fill it in.
    spoken = [override for override in overrides if override != "clean=all"]
    given = {re.split(r"[=@]", override.lstrip("+~"))[0] for override in spoken}
    if {"privacy", "privacy.round"} & given:
        given |= {"data.pseudonyms", "data.round"}
    recorded = {"pseudonyms": own.get("data", {}).get("pseudonyms")}
    held = hold_to_privacy(recorded, config["data"], "The champion")
    settings: dict[str, dict[str, Any]] = {}
    recipe = Recipe(settings, {}, {})
    for part, now in {"data": held, "clean": config["clean"]}.items():
        settings[part] = _merge(part, own.get(part, {}), now, given, recipe)
    return recipe


def _merge(
    name: str, own: Mapping[str, Any], now: Mapping[str, Any], given: set[str], recipe: Recipe
) -> dict[str, Any]:
    merged = dict(now)
    for key, value in now.items():
        full = f"{name}.{key}"
        if key not in own or key == "name" or (name == "data" and key in OF_A_FILE):
            continue
        if isinstance(value, Mapping):
            merged[key] = _merge(full, own[key], value, given, recipe)
        elif own[key] != value:
            if full in given or (name != "data" and name in given):
                recipe.said[full] = (own[key], value)
            else:
                merged[key] = recipe.applied[full] = own[key]
    return merged


def write(value: Any) -> str:
    r"""Write a value as Hydra's command line reads it.

    Examples
    --------
    >>> write(None), write(True), write(1000), write(["US", "GB"])
    ('null', 'true', '1000', "['US','GB']")
    >>> write("Maya's \\")
    "'Maya\\'s \\\\'"
    """
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{','.join(map(write, value))}]"
    if not isinstance(value, str):
        return str(value)
    text = re.sub(r"(\\*)'", r"\1\1\\'", value)
    text = re.sub(r"(\\*)\$\{", r"\1\1\\${", text)
    return "'" + re.sub(r"(\\+)$", r"\1\1", text) + "'"
