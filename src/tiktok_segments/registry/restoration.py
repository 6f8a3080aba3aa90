"""Restoration of a finished run: its accounts, its model, its named segments."""

from collections.abc import Mapping
from typing import Any

from mlflow.entities import Run

from tiktok_segments.accounts.dataset import Dataset, load_dataset, load_every_account
from tiktok_segments.accounts.privacy import read_again
from tiktok_segments.errors import InputError
from tiktok_segments.registry.ancestors import find_ancestors
from tiktok_segments.segments.segmentation import Segmentation, segment_accounts
from tiktok_segments.terminal import ReadingShown
from tiktok_segments.tracking import artifacts, history, model_loading, run_names
from tiktok_segments.tracking.model_loading import MODEL
from tiktok_segments.tracking.run_names import DATA_SHA256


def accounts_of_run(
    run_id: str, asked: Mapping[str, Any] | None, *, same: bool = True, texts: bool = False
) -> tuple[dict[str, Any], Dataset]:
    """Load the accounts that a run was fitted on, or others by the run's settings.

    Parameters
    ----------
    run_id : str
        A training run.
    asked : mapping or None
        The command's ``data``: ``path``, where the run's file is now, or another file, and what it
        says of privacy. None, or no path, takes the run's own.
    same : bool, default True
        Whether they must be the run's own.
    texts : bool, default False
        As for :func:`~tiktok_segments.accounts.dataset.load_dataset`.

    Returns
    -------
    config : dict
        The plain content of the run's configuration, with the path of the file that was read.
    dataset : Dataset
        Read, cleaned and filtered as it says.

    Raises
    ------
    InputError
        If the run has no configuration, its file cannot be used or has another digest, or the key
        of its pseudonyms is not at hand.
    """
    config = artifacts.load_config(run_id)
    config["data"] = read_again(config["data"], asked or {}, f"Run {run_id}")
    dataset = load_dataset(config, ReadingShown(), texts=texts)
    if same:
        _require_data(run_id, history.get_run(run_id).data.params[DATA_SHA256], dataset)
    return config, dataset


def everyone_of_run(segmentation: Segmentation) -> Dataset:
    """Load a run's accounts anew, with the outliers that it left out.

    Parameters
    ----------
    segmentation : Segmentation
        The run's segments.

    Returns
    -------
    Dataset
        Everyone whom its model may be asked about.

    Raises
    ------
    InputError
        If the file cannot be used, or was changed since the run's accounts were loaded.
    """
    stored = segmentation.dataset.stored
    everyone = load_every_account(segmentation.config, ReadingShown(), whole=stored is None)
    _require_data(segmentation.run_id, segmentation.dataset.sha256, everyone)
    return everyone


def _require_data(run_id: str, known: str, dataset: Dataset) -> None:
    if dataset.sha256 != known:
        raise InputError(
            f"{dataset.source} is not the data that run {run_id} was fitted on: its SHA-256 "
            f"begins with {dataset.sha256[:12]}, not {known[:12]}.\n"
            "data.path=FILE names the original where it was moved; where it was changed, train "
            "again. profile_segments.py, shortlist.py and explain_account.py put other accounts "
            "into the champion's segments, with model= into that model's."
        )


def restore(
    run_id: str,
    asked: Mapping[str, Any] | None,
    naming: Mapping[str, Any] | None,
    *,
    texts: bool = False,
) -> Segmentation:
    """Label a run's accounts with its logged model and name the segments.

    Parameters
    ----------
    run_id : str
        A finished training run.
    asked : mapping or None
        The command's ``data``, as for :func:`accounts_of_run`.
    naming : mapping or None
        Naming rules, by which every segment is named anew (``fresh``: by the run's own). None:
        names and ids are those that the run was promoted under, else those of the champion's
        segments where they match, else by the run's own rules.
    texts : bool, default False
        As for :func:`~tiktok_segments.accounts.dataset.load_dataset`.

    Returns
    -------
    Segmentation
        The run's segments.

    Raises
    ------
    InputError
        If the run did not finish, or its data is not there any more or has another digest.
    """
    require_finished(run_id)
    config, dataset = accounts_of_run(run_id, asked, texts=texts)
    own_rules: Mapping[str, Any] = config["naming"]
    rules = own_rules if naming is None or naming["name"] == "fresh" else naming
    pipeline = model_loading.load_model(f"runs:/{run_id}/{MODEL}")
    inherits = naming is None and own_rules["name"] != "fresh"
    ancestors = find_ancestors(run_id, dataset) if inherits else None
    return segment_accounts(run_id, config, dataset, pipeline, rules, ancestors)


def require_finished(run_id: str) -> Run:
    """Return a run that was trained to its end.

    Parameters
    ----------
    run_id : str
        A training run.

    Returns
    -------
    Run
        As MLflow has it.

    Raises
    ------
    InputError
        If there is no such run, it is another kind of run, or it did not finish.
    """
    run = history.get_run(run_id)
    kind = run.data.tags.get(run_names.KIND)
    if kind == "sweep":
        best = run.data.tags.get(run_names.BEST_RUN_ID, "not chosen")
        raise InputError(f"Run {run_id} is a sweep. Its best run is {best}.")
    if kind != "train" or run.info.status != "FINISHED":
        raise InputError(
            f"Run {run_id} is not a finished training run ({kind or 'another'}, {run.info.status})."
        )
    return run
