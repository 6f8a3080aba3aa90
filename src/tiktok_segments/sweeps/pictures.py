"""The figures of a whole sweep as files, for a process that draws."""

from collections.abc import Mapping

import pandas as pd


def draw_sweep(
    inertia: dict[str, pd.Series],
    silhouette: dict[str, pd.Series],
    candidates: pd.DataFrame,
    chosen: str,
    bounds: Mapping[str, float | None],
) -> dict[str, bytes]:
    """Draw the curves of every space over k and, where structure was examined, the choice.

    Parameters
    ----------
    inertia, silhouette : dict of str to Series
        Curves by space, indexed by k.
    candidates : DataFrame of shape (n_candidates, n_columns)
        As a :class:`~tiktok_segments.validation.selection.Decision` holds them.
    chosen : str
        The best run.
    bounds : mapping of str to (float or None)
        Thresholds, as :func:`~tiktok_segments.sweeps.sweep_plots.draw_structure` takes them.

    Returns
    -------
    dict of str to bytes
        Content of PNG files, by name.
    """
    # Matplotlib and kneed take a second to import, which the process that logs should not pay.
    from tiktok_segments.plots import as_png
    from tiktok_segments.sweeps import sweep_plots
    from tiktok_segments.validation.textbook_rules import elbow_k

    knees = {
        name: elbow_k(curve.index.to_list(), curve.to_list()) for name, curve in inertia.items()
    }
    figures = {
        "elbow": sweep_plots.draw_elbow(inertia, knees),
        "silhouette": sweep_plots.draw_silhouette_curve(silhouette),
    }
    if "valley" in candidates:
        figures["structure"] = sweep_plots.draw_structure(candidates, chosen, bounds)
    return {name: as_png(figure) for name, figure in figures.items()}
