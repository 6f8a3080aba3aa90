"""Drift: how far later accounts are from those that a model was fitted on."""

from collections.abc import Iterator

import numpy as np
from scipy.spatial.distance import cdist

from tiktok_segments.errors import InputError
from tiktok_segments.monitoring.account_sums import AccountSums
from tiktok_segments.monitoring.sampling_noise import mean_noise, range_noise, share_noise
from tiktok_segments.monitoring.stability_index import (
    direction,
    stability_index,
    stability_index_noise,
)
from tiktok_segments.monitoring.thresholds import Band, DriftThresholds
from tiktok_segments.monitoring.verdict import Change, Drift
from tiktok_segments.tracking.named_model import NamedModel


def measure_drift(model: NamedModel, sums: AccountSums, thresholds: DriftThresholds) -> Drift:
    """Measure later accounts against the baseline of the model that assigned them.

    Where both sets are small, shares, averages and ranges differ by chance. A change counts only
    where it exceeds both its threshold and what chance exceeds once in ``false_alarm`` times over
    all that is looked at together (Bonferroni): see
    :mod:`~tiktok_segments.monitoring.sampling_noise`.

    Parameters
    ----------
    model : NamedModel
        The model; its baseline may be replaced by that of another set of accounts.
    sums : AccountSums
        Accounts that it assigned, in the bins of that baseline.
    thresholds : DriftThresholds
        As in ``conf/drift``.

    Returns
    -------
    Drift
        Everything measured, with a verdict.

    Raises
    ------
    InputError
        If the sums are those of no account.
    """
    if sums.accounts == 0:
        raise InputError("There is no account to measure drift on.")
    n_checks = 2 * len(model.segments) + len(sums.edges) + 1
    chance = thresholds.false_alarm / n_checks
    changes = (
        *_shares(model, sums, thresholds.share, chance),
        *_centres(model, sums, thresholds.centre, chance),
        *_features(model, sums, thresholds.psi, chance),
        _range(model, sums, thresholds.out_of_range, chance),
    )
    ids = {segment.name: segment.segment_id for segment in model.segments}
    return Drift(model.baseline["accounts"], sums.accounts, ids, changes)


def _shares(model: NamedModel, sums: AccountSums, band: Band, chance: float) -> Iterator[Change]:
    then = np.asarray(model.baseline["segment_shares"])
    now = sums.segment_counts / sums.accounts
    noise = share_noise(then, now, model.baseline["accounts"], sums.accounts, chance)
    for place, name in enumerate(model.names):
        before, after = float(then[place]), float(now[place])
        yield Change(
            "share",
            name,
            abs(after - before),
            float(noise[place]),
            band,
            {"then": before, "now": after, "accounts": int(sums.segment_counts[place])},
        )


def _centres(model: NamedModel, sums: AccountSums, band: Band, chance: float) -> Iterator[Change]:
    """Compare averages; a segment that is empty in one of the sets has none."""
    baseline = model.baseline
    apart = cdist(model.centres, model.centres)
    np.fill_diagonal(apart, np.inf)
    covariances = _covariances(model)
    for place, name in enumerate(model.names):
        n_then = baseline["segment_shares"][place] * baseline["accounts"]
        n_now = int(sums.segment_counts[place])
        if n_then == 0 or n_now == 0:
            continue
        mean = sums.feature_sums[place] / n_now
        shift = float(np.linalg.norm(mean - baseline["segment_means"][place]))
        nearest = float(apart[place].min())
        noise = mean_noise(covariances[place], n_then, n_now, chance)
        yield Change(
            "centre", name, shift / nearest, noise / nearest, band, {"scaled_units": shift}
        )


def _covariances(model: NamedModel) -> list[np.ndarray]:
    """Return how the accounts of each segment differ, as estimated for all such accounts.

    A segment of no more accounts than features says too little of that, of a single one nothing:
    the covariance within all segments together takes its place.
    """
    own = np.asarray(model.baseline["segment_covariances"])
    counts = np.asarray(model.baseline["segment_shares"]) * model.baseline["accounts"]
    sums = np.nan_to_num(own) * counts[:, None, None]
    together = sums.sum(axis=0) / max(counts.sum() - len(counts), 1)
    enough = counts > own.shape[1]
    return [
        sums[place] / (counts[place] - 1) if enough[place] else together
        for place in range(len(counts))
    ]


def _features(model: NamedModel, sums: AccountSums, band: Band, chance: float) -> Iterator[Change]:
    n_then = model.baseline["accounts"]
    for name, now in sums.bin_counts.items():
        then = np.asarray(model.baseline["columns"][name]["shares"]) * n_then
        noise = stability_index_noise(n_then, sums.accounts, len(then), chance)
        went = {"direction": direction(then, now)}
        yield Change("psi", name, stability_index(then, now), noise, band, went)


def _range(model: NamedModel, sums: AccountSums, band: Band, chance: float) -> Change:
    """Compare the share out of range; a model fitted without outliers had some from the start."""
    n_then, n_now = model.baseline["accounts"], sums.accounts
    then = float(model.baseline.get("out_of_range_share", 0.0))
    share = sums.out_of_range / n_now
    noise = range_noise(n_then, n_now, len(sums.edges), chance)
    if then > 0:
        noise += float(share_noise(np.array([then]), np.array([share]), n_then, n_now, chance)[0])
    values = {"accounts": sums.out_of_range, "then": then, "now": share}
    return Change("out_of_range", "", max(share - then, 0.0), noise, band, values)
