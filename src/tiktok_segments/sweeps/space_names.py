"""Names of the spaces of a sweep, and their runs: one candidate for each k."""

import re
from collections.abc import Callable, Sequence

import pandas as pd
from pandas.api.types import is_string_dtype

from tiktok_segments.validation.results import INIT, RANDOM
from tiktok_segments.validation.spaces import POPULATION, POPULATION_ID, SPACE_ID, VIEW


def name_spaces(runs: pd.DataFrame) -> pd.DataFrame:
    """Name the population and the space of each finished run.

    Parameters
    ----------
    runs : DataFrame of shape (n_runs, n_columns)
        Finished runs of a sweep with :data:`~tiktok_segments.validation.spaces.POPULATION_ID` and
        :data:`~tiktok_segments.validation.spaces.SPACE_ID`, their params, and
        every setting that was swept under its name, such as ``clean.min_followers``.

    Returns
    -------
    DataFrame of shape (n_runs, n_columns + 2)
        With ``population``, empty where there is only one, and ``space``. No name depends on the
        order of the runs; every name can be part of a metric's name in MLflow.
    """
    several = runs[POPULATION_ID].nunique() > 1
    population = pd.Series("", index=runs.index)
    if several:
        population = _unique(_differing(runs, POPULATION), runs[POPULATION_ID])
    parts = pd.DataFrame(
        {
            "view": runs["features"].astype(str) + "." + runs["scaler"].astype(str),
            "settings": _differing(runs, VIEW),
            "population": population,
        }
    )
    space = parts.apply(lambda row: ".".join(filter(None, row)), axis=1)
    return runs.assign(population=population, space=_unique(space, runs[SPACE_ID]))


def named_spaces(runs: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Split the runs of a sweep by space, with one candidate for each k.

    Parameters
    ----------
    runs : DataFrame of shape (n_runs, n_columns)
        As :func:`~tiktok_segments.tracking.history.sweep_runs` returns them; those that finished
        are taken.

    Returns
    -------
    list of (str, DataFrame)
        Name and runs of each space, the largest population first. The runs are indexed by rising
        k; the one of lowest inertia stands for all seeds and restarts of its k, which ``tries``
        counts. ``inertia_spread`` is the range of their inertias as a share of the lowest.
    """
    finished = name_spaces(runs[runs["status"] == "FINISHED"])
    order = finished.assign(
        rows=-finished["rows"].astype(int),
        k=finished["k"].astype(int),
        at_random=finished.get(INIT, pd.Series(RANDOM, index=finished.index)) == RANDOM,
    )
    settled = [name for name in ("seed", "n_init") if name in order]
    order[settled] = order[settled].astype(int)
    order = order.sort_values(
        ["rows", "population", "space", "k", "at_random", "inertia", *settled, *_texts(order)]
    )
    return [
        (str(name), _one_per_k(finished.loc[space.index].assign(k=space["k"])))
        for name, space in order.groupby("space", sort=False)
    ]


def _texts(runs: pd.DataFrame) -> list[str]:
    """Return the columns of texts that settle which of several equal runs comes first."""
    return [str(name) for name in runs if name != "run_id" and is_string_dtype(runs[name])]


def _one_per_k(runs: pd.DataFrame) -> pd.DataFrame:
    """Keep the first run of each k, with what is known of the others."""
    inertia = runs.groupby("k")["inertia"]
    spread = (inertia.max() - inertia.min()) / inertia.min()
    best = runs.drop_duplicates("k").set_index("k")
    return best.assign(tries=inertia.size(), inertia_spread=spread).sort_index()


def _differing(runs: pd.DataFrame, parts: Sequence[str]) -> pd.Series:
    """Return what the runs were given in these parts, as far as they were given different things.

    A group's choice stands by itself, another setting behind its own name.
    """
    names = [
        name
        for name in sorted(map(str, runs))
        if name.split(".")[0] in parts
        and name not in VIEW  # they are in the space's name already
        and runs[name].nunique(dropna=False) > 1
    ]
    words = {name: runs[name].map(_wording(name)) for name in names}
    if not words:
        return pd.Series("", index=runs.index)
    return pd.DataFrame(words).apply(lambda row: ".".join(filter(None, row)), axis=1)


def _wording(name: str) -> Callable[[object], str]:
    """Return what makes a word of a setting's value; a file is called by its name."""

    def word(value: object) -> str:
        if value is None or value != value:  # not given: NaN is unequal to itself
            return ""
        text = str(value).rsplit("/", 1)[-1] if name == "data.path" else str(value)
        prefix = f"{name.rsplit('.', 1)[-1]}_" if "." in name and name != "data.path" else ""
        return re.sub(r"[^\w-]+", "_", f"{prefix}{text}", flags=re.ASCII).strip("_")

    return word


def _unique(names: pd.Series, ids: pd.Series) -> pd.Series:
    """Give each id one name, with the start of the id behind one that is empty or shared."""
    names = names.groupby(ids).transform("min")
    shared = ids.groupby(names).transform("nunique").gt(1) | names.eq("")
    marked = (names + "." + ids.str[:6]).str.removeprefix(".")
    return names.where(~shared, marked)
