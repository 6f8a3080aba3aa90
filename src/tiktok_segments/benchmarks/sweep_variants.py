"""Ways to run one sweep with plain libraries, each for a process of its own.

``python -m tiktok_segments.benchmarks.sweep_variants NAME DATA CONFIGURATIONS LABELS`` runs one of
:data:`VARIANTS` on a CSV of profiles, and writes the labels of every configuration. Each function
is what a user of that way would write, imports and all.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

SEED, STARTS = 42, 10
"""Seed and number of k-means starts of every variant, which are the project's defaults."""

SCALERS = ("standard", "robust", "minmax", "power", "quantile")
"""Scalers of conf/scaler that are swept, in this order."""

SIZES = {27: (3, 9), 100: (5, 20)}
"""Configurations of a sweep: how many scalers, and how many values of k from 2 up."""


def configurations(number: int) -> list[tuple[str, int]]:
    """Return the scaler and k of each configuration of a sweep.

    Parameters
    ----------
    number : int
        One of :data:`SIZES`; any other number is that many values of k on one scaler.

    Examples
    --------
    >>> configurations(2)
    [('standard', 2), ('standard', 3)]
    >>> len(configurations(27)), len(configurations(100))
    (27, 100)
    """
    n_scalers, n_k = SIZES.get(number, (1, number))
    return [(scaler, k) for scaler in SCALERS[:n_scalers] for k in range(2, 2 + n_k)]


def bare(data: Path, number: int) -> dict[str, list[int]]:
    """Scikit-learn alone: the same fits and metrics, and nothing kept but the labels."""
    return {f"{scaler},{k}": labels.tolist() for scaler, k, _, _, labels, _ in _fits(data, number)}


def tutorial(data: Path, number: int) -> dict[str, list[int]]:
    """MLflow as tutorials show it: a figure by pyplot, a model with an input example."""
    import mlflow

    from tiktok_segments.benchmarks.benchmark_plots import close_figures, tutorial_figure

    mlflow.set_experiment("tutorial")
    kept = {}
    for scaler, k, X, model, labels, metrics in _fits(data, number):
        with mlflow.start_run(run_name=f"{scaler}, k={k}"):
            mlflow.log_param("scaler", scaler)
            mlflow.log_param("k", k)
            for name, value in metrics.items():
                mlflow.log_metric(name, value)
            mlflow.log_figure(tutorial_figure(X, labels), "clusters.png")
            close_figures()
            mlflow.sklearn.log_model(model, name="model", input_example=X[:5])
        kept[f"{scaler},{k}"] = labels.tolist()
    return kept


def autolog(data: Path, number: int) -> dict[str, list[int]]:
    """MLflow's automatic logging of scikit-learn, with the metrics that it leaves out."""
    import mlflow

    mlflow.set_experiment("autolog")
    mlflow.sklearn.autolog()
    kept = {}
    fits = _fits(data, number, lambda scaler, k: mlflow.start_run(run_name=f"{scaler}, k={k}"))
    for scaler, k, _, _, labels, metrics in fits:
        mlflow.log_params({"scaler": scaler, "k": k})
        mlflow.log_metrics(metrics)
        mlflow.end_run()
        kept[f"{scaler},{k}"] = labels.tolist()
    return kept


def pycaret(data: Path, number: int) -> dict[str, list[int]]:
    """PyCaret's clustering experiment, logged to MLflow, without plots."""
    from pycaret.clustering import ClusteringExperiment

    kept = {}
    frame, features = _read(data)
    columns = [f"feature {i}" for i in range(features.shape[1])]
    for scaler in dict.fromkeys(scaler for scaler, _ in configurations(number)):
        experiment = ClusteringExperiment()
        experiment.setup(
            type(frame)(_scaler(scaler).fit_transform(features), columns=columns),
            preprocess=False, session_id=SEED, log_experiment=True, log_plots=False,
            experiment_name=f"pycaret {scaler}", verbose=False,
        )  # fmt: skip
        for k in [k for name, k in configurations(number) if name == scaler]:
            model = experiment.create_model("kmeans", num_clusters=k, n_init=STARTS, verbose=False)
            kept[f"{scaler},{k}"] = model.labels_.tolist()
    return kept


VARIANTS = {"bare": bare, "tutorial": tutorial, "autolog": autolog, "pycaret": pycaret}
"""The ways beside this project's own, by name."""


def _fits(
    data: Path, number: int, before: Callable[[str, int], object] | None = None
) -> Iterator[tuple[str, int, Any, Any, Any, dict[str, float]]]:
    """Fit every configuration: scaler, k, scaled features, model, labels and metrics."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import (
        calinski_harabasz_score,
        davies_bouldin_score,
        silhouette_score,
    )

    _, features = _read(data)
    spaces: dict[str, Any] = {}
    for scaler, k in configurations(number):
        if scaler not in spaces:
            spaces[scaler] = _scaler(scaler).fit_transform(features)
        X = spaces[scaler]
        if before is not None:
            before(scaler, k)
        model = KMeans(k, n_init=STARTS, random_state=SEED).fit(X)
        labels = model.labels_
        metrics = {
            "inertia": float(model.inertia_),
            "silhouette": float(silhouette_score(X, labels)),
            "calinski_harabasz": float(calinski_harabasz_score(X, labels)),
            "davies_bouldin": float(davies_bouldin_score(X, labels)),
        }
        yield scaler, k, X, model, labels, metrics


def _read(data: Path) -> tuple[Any, Any]:
    """Return the profiles and the features of the set ``core``."""
    import numpy as np
    import pandas as pd

    frame = pd.read_csv(data)
    counts = np.log1p(frame[["followers", "following", "videos"]].to_numpy(float))
    engagement = np.log10(frame["engagement_rate"].to_numpy().clip(min=1e-4))
    return frame, np.column_stack([counts, engagement])


def _scaler(name: str) -> Any:
    from sklearn import preprocessing

    if name == "quantile":
        return preprocessing.QuantileTransformer(n_quantiles=100, random_state=SEED)
    if name == "power":
        return preprocessing.PowerTransformer()
    return {
        "standard": preprocessing.StandardScaler,
        "robust": preprocessing.RobustScaler,
        "minmax": preprocessing.MinMaxScaler,
    }[name]()


if __name__ == "__main__":
    variant, data, number, output = sys.argv[1:]
    labels = VARIANTS[variant](Path(data), int(number))
    Path(output).write_text(json.dumps(labels))
