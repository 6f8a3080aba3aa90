"""The examination of fitted models: on which accounts, and by which settings."""

import numpy as np
from omegaconf import OmegaConf
from sklearn.preprocessing import StandardScaler

from tiktok_segments.accounts.row_sample import Accounts, account_keys
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.clustering.engines import fit, scale_accounts
from tiktok_segments.defaults import default_file
from tiktok_segments.validation.examination import (
    StructureSettings,
    examine_models,
    read_structure,
)

QUICK = StructureSettings(n_draws=3, n_resamples=3, n_splits=2, n_init=2, max_rows=200)
COLUMNS = {"followers": "log_count", "engagement_rate": "log_rate"}


def make_accounts(order: np.ndarray | None = None) -> Accounts:
    frame = make_profiles(600, seed=0)[0]
    frame = frame if order is None else frame.iloc[order]
    return Accounts(frame.select_dtypes(["number", "bool"]), True, account_keys(frame))


def test_a_model_has_the_same_figures_alone_and_beside_the_others_of_its_space() -> None:
    accounts = make_accounts()
    space = scale_accounts(COLUMNS, StandardScaler(), accounts)
    models = {k: fit(space, accounts, k=k, n_init=3, seed=0).pipeline for k in (2, 3, 4)}
    together = examine_models(models, accounts, QUICK, n_jobs=1)
    shuffled = make_accounts(np.random.default_rng(0).permutation(600))
    assert together is not None and together.rows_used == 200
    for k, model in models.items():
        for given in (accounts, shuffled):
            alone = examine_models({k: model}, given, QUICK, n_jobs=1)
            assert alone is not None
            np.testing.assert_equal(vars(alone.by_k[k]), vars(together.by_k[k]))


def test_only_accounts_of_the_sample_are_looked_at() -> None:
    accounts = make_accounts()
    space = scale_accounts(COLUMNS, StandardScaler(), accounts)
    model = fit(space, accounts, k=2, n_init=3, seed=0).pipeline
    seen = []
    model.steps[0] = ("features", Watched(model[0], seen))
    assert examine_models({2: model}, accounts, QUICK, n_jobs=1) is not None
    assert seen == [200]


class Watched:
    """A fitted step that notes how many rows it is given."""

    def __init__(self, step: object, seen: list[int]) -> None:
        self.step, self.seen = step, seen

    def fit(self, frame: object) -> "Watched":
        return self

    def transform(self, frame: object) -> object:
        self.seen.append(len(frame))  # type: ignore[arg-type]
        return self.step.transform(frame)  # type: ignore[attr-defined]


def test_the_default_settings_are_those_of_the_configuration() -> None:
    full = OmegaConf.to_container(OmegaConf.load(default_file("structure/full.yaml")))
    assert read_structure(full) == StructureSettings() == read_structure({"name": "off"})  # type: ignore[arg-type]
