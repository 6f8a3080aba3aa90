"""The computation of a training run, apart from keeping it: settings and accounts in, results out.

Knows no MLflow, so that a process that only computes need not import it.
"""

from dataclasses import replace
from functools import partial

import skops.io
from sklearn.cluster import KMeans

from tiktok_segments.accounts.row_sample import Accounts, draw_rows
from tiktok_segments.clustering.engines import (
    Progress,
    ScaledSpace,
    fit,
    scale_accounts,
    silent,
)
from tiktok_segments.clustering.metrics import score_clusters
from tiktok_segments.clustering.run_figure import median_profile, prepare_run_figure
from tiktok_segments.clustering.silhouettes import silhouette_samples
from tiktok_segments.training.settings import make_scaler
from tiktok_segments.training.task import Computed, RunTask, SpaceSettings
from tiktok_segments.training.timings import Phases
from tiktok_segments.validation.examination import StructureSettings, examine_models
from tiktok_segments.validation.results import RANDOM
from tiktok_segments.validation.small_groups import (
    LargerSample,
    SmallGroup,
    Start,
    choose_start,
    search_larger_sample,
)


class SpaceCache:
    """The spaces of some accounts, each made once for all the runs that are on it.

    Parameters
    ----------
    accounts : Accounts
        What is clustered.
    progress : callable, optional
        Called with what is done, accounts done, and accounts in all, where there are many.
    """

    def __init__(self, accounts: Accounts, progress: Progress = silent) -> None:
        self.accounts = accounts
        self.progress = progress
        self._spaces: dict[SpaceSettings, ScaledSpace] = {}
        self._groups: dict[tuple[SpaceSettings, StructureSettings], list[SmallGroup]] = {}
        self._larger: dict[tuple[SpaceSettings, StructureSettings], LargerSample | None] = {}

    def scale(self, settings: SpaceSettings) -> ScaledSpace:
        """Return the accounts in a space.

        Raises
        ------
        InputError
            If they lack a column of it.
        """
        if settings not in self._spaces:
            scaler = make_scaler(settings.scaler)
            self._spaces[settings] = scale_accounts(
                dict(settings.columns), scaler, self.accounts, self.progress
            )
        return self._spaces[settings]

    def start(
        self, settings: SpaceSettings, structure: StructureSettings, kmeans: KMeans
    ) -> Start | None:
        """Return where k-means does better than from random starts: at small groups.

        Parameters
        ----------
        settings : SpaceSettings
            The space.
        structure : StructureSettings
            Of the search for small groups.
        kmeans : KMeans
            Fitted from random starts.

        Returns
        -------
        Start or None
            None where there are no such groups, or it does no better there.
        """
        drawn, X = self.accounts.drawn, self.scale(settings).X
        rows = draw_rows(drawn.keys, structure.resampling_seed, structure.max_rows)
        k, seed = kmeans.n_clusters, kmeans.random_state
        if (settings, structure) not in self._groups:
            self._groups[settings, structure] = structure.search(X[rows])
        groups, larger = self._groups[settings, structure], self.larger_sample(settings, structure)
        if larger:
            of_all = [replace(group, rows=rows[group.rows]) for group in groups]
            if start := larger.choose_start(kmeans.predict(larger.X), k, of_all, seed):
                return start
        return choose_start(X[rows], kmeans.predict(X[rows]), k, groups, seed) if groups else None

    def larger_sample(
        self, settings: SpaceSettings, structure: StructureSettings
    ) -> LargerSample | None:
        """Return what the search of a space for rare groups found; None where there was none."""
        if (settings, structure) not in self._larger:
            self._larger[settings, structure] = search_larger_sample(
                self.scale(settings).X,
                self.accounts.drawn.keys,
                structure,
                lambda done, total: self.progress("searching for rare groups", done, total),
            )
        return self._larger[settings, structure]


def compute(task: RunTask, spaces: SpaceCache) -> Computed:
    """Fit one clustering and work out everything that its run is to keep.

    Parameters
    ----------
    task : RunTask
        What to compute.
    spaces : SpaceCache
        Of accounts with every column of the feature set.

    Returns
    -------
    Computed
        The same to the last digit in whichever process.

    Raises
    ------
    InputError
        If the accounts do not suit the settings.
    """
    phases = Phases()
    accounts = spaces.accounts
    with phases("fit"):
        space = spaces.scale(task.space)
        fit_k = partial(fit, space, accounts, k=task.k, seed=task.seed, progress=spaces.progress)
        fitted, start = fit_k(n_init=task.n_init), None
        if task.proposals is not None:
            start = spaces.start(task.space, task.proposals, fitted.pipeline[-1])
        if start is not None:
            fitted = fit_k(n_init=1, init=start.centres)
    with phases("metrics"):
        silhouettes = silhouette_samples(fitted.sample.X, fitted.sample.labels)
        metrics = score_clusters(fitted.clusters, silhouettes)
        metrics["silhouette_rows"] = float(len(silhouettes))
        metrics["sample_rows"] = float(fitted.start_rows)
        metrics["passes"] = float(len(fitted.inertias))
    found = None
    if task.structure is not None:
        with phases("structure"):
            known = task.structure == task.proposals
            found = examine_models(
                {task.k: fitted.pipeline},
                accounts.drawn,
                task.structure,
                n_jobs=1,
                larger=spaces.larger_sample(task.space, task.structure) if known else None,
            )
    picture = b""
    if task.drawn:
        from tiktok_segments.training.run_panels import (
            draw_run,  # matplotlib, which figures=off spares
        )

        with phases("draw"):
            picture = draw_run(prepare_run_figure(fitted, silhouettes, accounts.synthetic))
    with phases("serialise"):
        model = skops.io.dumps(fitted.pipeline)
    return Computed(
        metrics=metrics,
        counts=tuple(fitted.clusters.counts.tolist()),
        medians={str(name): tuple(column) for name, column in median_profile(fitted).items()},
        labels_sha256=fitted.labels_sha256,
        model=model,
        unfit=fitted.unfit,
        init=RANDOM if start is None else start.kind,
        picture=picture,
        diagnostics=found.by_k[task.k] if found else None,
        rows_used=found.rows_used if found else 0,
        inertias=fitted.inertias,
        seconds=phases.seconds,
    )
