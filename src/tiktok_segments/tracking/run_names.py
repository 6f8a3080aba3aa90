"""Names of tags, params and metrics of runs in MLflow, and of the tags of registered versions."""

import base64
import json
import time
import zlib

# Tags of every run.
KIND = "segmentation.kind"
"""``train``, ``sweep``, ``assign``, ``drift``, ``compare``, ``promote`` or ``weekly``."""
OWNER = "segmentation.owner"
"""The process that writes the run."""
ERROR = "segmentation.error"
"""Why the run did not finish."""
PARENT = "mlflow.parentRunId"
"""The sweep that the run belongs to; MLflow's own tag."""
NOTE = "mlflow.note.content"
"""What the UI shows as the description, in Markdown; MLflow's own tag."""
NOTE_LENGTH = 8_000
"""Characters that the value of a tag has room for."""
CODE, COMMIT = "segmentation.code_sha256", "segmentation.commit"
"""Which code made the run: digest of the package's sources, and git's commit."""

# Tags of training runs and sweeps.
CONTENT_KEY = "segmentation.content_key"
"""Digest of the data, the configuration and the code."""
POPULATION_TAG, SPACE_TAG = "segmentation.population", "segmentation.space"
"""Digests of the settings of the run's accounts, and of those of its space."""
LABELS = "segmentation.labels_sha256"
"""Digest of the accounts' clusters."""
SYNTHETIC = "segmentation.synthetic"
"""``true`` where the accounts were made by the sample generator."""
UNFIT = "segmentation.unfit"
"""Why the features of a run are not fit for k-means; not there where they are."""
JOB = "segmentation.job"
"""Number of a run among those of its sweep."""
BEST = "segmentation.best"
"""Set on the best run of a sweep."""
BEST_MARK = " (best)"
"""Behind the name of the best run of a sweep, for those who look at the list."""
BEST_RUN_ID, REASON = "segmentation.best_run_id", "segmentation.reason"
"""Of a sweep: its best run, and why it is."""
OTHER_BESTS = "segmentation.other_bests"
"""Of a sweep over several sets of accounts: the best runs of the others, in words."""
VERDICT = "segmentation.verdict"
"""``separated``, ``continuum`` or ``none``."""
SUPERSEDED = "segmentation.superseded"
"""Of a run that was cut or failed before its sweep was resumed: it counts no more."""
REUSED = "segmentation.reused_run_ids"
"""Of a sweep: finished runs of other sweeps that it counts as its own."""

# Tags of other runs.
DRIFT = "segmentation.drift"
"""The verdict on drift."""
MODEL_RUN_ID = "segmentation.model_run_id"
"""The training run of the model that accounts were assigned by."""
OUTCOME, CHAMPION_TAG = "segmentation.outcome", "segmentation.champion"
"""Of a weekly run: what came out, and the version in use after it."""
WEEK_REASON, ACCEPTED = "segmentation.week_reason", "segmentation.accepted"
"""Of a weekly run: why it came out so, and why a doubtful export was accepted."""

# Params.
DATA_SHA256, DATA_SOURCE = "data_sha256", "data_source"
"""SHA-256 and place of the file that the accounts are from; facts and tags of models, too."""
ROWS = "rows"
"""Number of accounts that a run was fitted on, or of rows that were assigned."""
CHOSEN_K = "chosen_k"
"""Of a sweep, a metric: the k of its best run, whose scores it has, too."""
ENGINE = "engine"
"""How the accounts were held: ``memory`` or ``stream``."""
OVERRIDES = "overrides"
"""Of a sweep: what was given on the command line."""

# Metrics.
JACCARD = "jaccard."
"""``jaccard.<cluster>``: how well each cluster comes back when the accounts are redrawn."""
INERTIA_STEPS = "inertia_by_pass"
"""Inertia that each pass over all accounts found, the step being its number."""

VIEW = "segments"
"""Key of the view of the runs that an experiment comes with: by itself, the UI shows no score."""
VIEW_TAG = f"mlflow.sharedViewState.{VIEW}"
"""Of an experiment: the view; MLflow's own tag."""
_COLUMNS = (
    f"tags.`{VERDICT}`", f"tags.`{BEST}`", f"metrics.`{CHOSEN_K}`", "params.`k`",
    "metrics.`silhouette`", "metrics.`gate_z`", "metrics.`valley`",
    "metrics.`stability_min_jaccard`", "metrics.`smallest_share`",
    "params.`features`", "params.`scaler`", "attributes.`Dataset`",
)  # fmt: skip


def write_view() -> str:
    """Write the view in the form in which MLflow's UI keeps those that people save there.

    Returns
    -------
    str
        JSON, whose ``state`` is JSON again, deflated, in base 64.
    """
    state = {
        "searchFilter": "", "orderByKey": "attributes.start_time", "orderByAsc": False,
        "startTime": "ALL", "lifecycleFilter": "Active", "datasetsFilter": [],
        "modelVersionFilter": "All Runs", "selectedColumns": _COLUMNS, "columnOrder": _COLUMNS,
        "columnWidths": {}, "runsHiddenMode": "FIRST_10_RUNS", "viewMaximized": False,
        "runListHidden": False, "isAccordionReordered": False, "useGroupedValuesInCharts": True,
        "hideEmptyCharts": True, "groupBy": None, "groupsExpanded": {},
    }  # fmt: skip
    packed = base64.b64encode(zlib.compress(json.dumps(state).encode())).decode()
    now = int(time.time() * 1000)
    view = {"name": "Verdict, k and scores", "createdAt": now, "updatedAt": now}
    return json.dumps(view | {"state": f"deflate;{packed}"})
