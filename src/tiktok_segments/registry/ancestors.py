"""The earlier model whose names a run keeps: the one it was promoted as, or the champion."""

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.registry import versions
from tiktok_segments.segments.inheritance import Ancestors
from tiktok_segments.tracking import history


def find_ancestors(run_id: str, dataset: Dataset) -> Ancestors | None:
    """Return whose names and ids a run's segments keep.

    Parameters
    ----------
    run_id : str
        The training run.
    dataset : Dataset
        Its accounts.

    Returns
    -------
    Ancestors or None
        The champion where the run made it; else the newest version that the run was promoted as;
        else the champion of another run. None where there is none, it reads columns that these
        accounts lack, or of it and the run one was fitted on synthetic accounts and one on real.

    Raises
    ------
    InputError
        If that model was changed since it was promoted.
    """
    version = versions.champion()
    own = history.model_versions(run_id)
    if own and (version is None or version.run_id != run_id):
        version = versions.get_version(own[0])
    if version is None:
        return None
    model = versions.load_version(version)
    if own:
        return Ancestors(str(version.version), model.segments, None)
    if not model.can_assign(dataset.frame):
        return None
    if bool(model.facts["synthetic"]) != dataset.synthetic:
        return None
    return Ancestors(str(version.version), model.segments, model.assign(dataset.frame))
