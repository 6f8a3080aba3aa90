"""Benchmark of sweeps: one of this project beside a bare loop and other ways of tracking one."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

import pandas as pd

from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.benchmarks.sweep_variants import VARIANTS, configurations
from tiktok_segments.errors import InputError

PROJECT = Path(__file__).parents[3]
OWN = {"project": (), "project_without_figures": ("figures=off",)}
"""This project's variants: arguments beside those of the sweep."""

ROWS = 1_000
"""Accounts of the synthetic file that is swept."""


def available() -> list[str]:
    """Return the variants that can run here, the bare loop first."""
    others = [name for name in VARIANTS if name != "pycaret" or find_spec("pycaret")]
    return ["bare", *OWN, *others[1:]]


def benchmark_sweep(
    variants: Sequence[str], number: int, rounds: int, progress: Callable[[str], None]
) -> pd.DataFrame:
    """Time every variant in every round, one after the other, and check what it left.

    Each is a cold process with one thread, in a folder with a store of its own. The store is there
    before the time is taken, as it is for every sweep but the first of a project: MLflow takes
    seconds to make one, and as long for each of the ways to use it, so it is made once and copied.

    Parameters
    ----------
    variants : sequence of str
        Of :func:`available`; the bare loop, which the others are measured by, is always run.
    number : int
        Configurations of the sweep.
    rounds : int
        How often.
    progress : callable
        Told what is being run.

    Returns
    -------
    DataFrame of shape (n_rounds * n_variants, 6)
        ``round``, ``variant``, ``seconds``, ``ratio`` to the bare loop of the same round,
        ``models`` that were loaded and agree, ``ms_per_run`` beyond the bare loop.

    Raises
    ------
    InputError
        If a variant is unknown.
    RuntimeError
        If a variant fails, or one of its models gives other clusters than the bare loop.
    """
    unknown = [name for name in variants if name not in available()]
    if unknown:
        raise InputError(f"There is no variant {unknown[0]!r}; valid are {', '.join(available())}.")
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "profiles.csv")
        make_profiles(ROWS, seed=0)[0].to_csv(data, index=False)
        progress("making an empty store")
        empty = Path(folder, "empty")
        empty.mkdir()
        _run("an empty store", ["-c", "import mlflow; mlflow.search_experiments()"], empty)
        for turn in range(rounds):
            expected: dict[str, list[int]] = {}
            for name in ["bare", *[name for name in variants if name != "bare"]]:
                progress(f"round {turn + 1} of {rounds}: {name}")
                root = Path(folder, f"{turn}-{len(rows)}")
                root.mkdir()
                if name != "bare":
                    shutil.copy(empty / "mlflow.db", root)
                seconds = _time(name, data, number, root)
                if name == "bare":
                    base, expected = seconds, json.loads((root / "labels.json").read_text())
                models = 0 if name == "bare" else _check(name, root, data, expected)
                rows.append(
                    {
                        "round": turn + 1, "variant": name, "seconds": seconds,
                        "ratio": seconds / base, "models": models,
                        "ms_per_run": (seconds - base) / number * 1000,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def _time(name: str, data: Path, number: int, root: Path) -> float:
    """Run one variant in a folder of its own; return its seconds."""
    command = _command(name, data, number, root)
    start = perf_counter()
    _run(name, command, root)
    return perf_counter() - start


def _command(name: str, data: Path, number: int, root: Path) -> list[str]:
    """Return the arguments of Python that run a variant."""
    if name not in OWN:
        module = "tiktok_segments.benchmarks.sweep_variants"
        return ["-m", module, name, str(data), str(number), str(root / "labels.json")]
    swept = configurations(number)
    scalers, ks = (list(dict.fromkeys(values)) for values in zip(*swept, strict=True))
    return [
        str(PROJECT / "train.py"), "-m", f"k={','.join(map(str, ks))}",
        f"scaler={','.join(map(str, scalers))}", f"data.path={data}", "structure=off",
        *OWN[name],
    ]  # fmt: skip


def _run(name: str, command: list[str], root: Path) -> None:
    """Run Python with one thread in a folder, on the store in it."""
    variables = {"TIKTOK_SEGMENTS_ROOT": str(root), "MLFLOW_TRACKING_URI": _store(root)}
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "MPLBACKEND": "agg"}
    done = subprocess.run(  # noqa: S603 - this project's own commands
        [sys.executable, *command],
        cwd=root,
        env=os.environ | variables | threads | quiet,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{name} failed:\n{done.stderr[-2000:]}")


def _store(root: Path) -> str:
    return f"sqlite:///{root / 'mlflow.db'}"


def _check(name: str, root: Path, data: Path, expected: dict[str, list[int]]) -> int:
    """Load every model that a variant logged, and compare its clusters with the bare loop's.

    Autologging and PyCaret say little about which configuration a model is of, so their labels
    are compared as the process wrote them, and their models are loaded.
    """
    import mlflow
    from sklearn.metrics import adjusted_rand_score

    mlflow.set_tracking_uri(_store(root))
    models = mlflow.search_logged_models(
        [experiment.experiment_id for experiment in mlflow.search_experiments()],
        output_format="list",
    )
    for model in models:
        loaded = mlflow.sklearn.load_model(f"models:/{model.model_id}")
        if name in OWN:
            labels = loaded.predict(pd.read_csv(data))
            _agree(adjusted_rand_score(labels, expected[_key(model.params)]), name)
    if name not in OWN:
        found = json.loads((root / "labels.json").read_text())
        for key, labels in found.items():
            _agree(adjusted_rand_score(labels, expected[key]), name)
    if len(models) < len(expected):
        raise RuntimeError(f"{name} logged {len(models)} models for {len(expected)} configurations")
    return len(models)


def _key(params: dict[str, str]) -> str:
    return f"{params['scaler']},{params['k']}"


def _agree(agreement: float, name: str) -> None:
    if agreement < 1:
        raise RuntimeError(f"{name}: a model's clusters differ from the bare loop's ({agreement})")


def summarise(timings: pd.DataFrame) -> pd.DataFrame:
    """Return the median of each variant, with the spread of its ratio.

    Parameters
    ----------
    timings : DataFrame of shape (n_timings, n_columns)
        As :func:`benchmark_sweep` returns them.

    Returns
    -------
    DataFrame of shape (n_variants, 7)
        ``variant``, ``seconds``, ``ratio``, ``lowest``, ``highest``, ``ms_per_run``, ``models``.

    Examples
    --------
    >>> timings = pd.DataFrame({"variant": ["bare", "a", "bare", "a"], "seconds": [1.0, 3, 1, 5],
    ...                         "ratio": [1.0, 3, 1, 5], "ms_per_run": [0.0, 2, 0, 4],
    ...                         "models": [0, 2, 0, 2]})
    >>> summarise(timings).to_dict("records")[1]["ratio"]
    4.0
    """
    table = timings.groupby("variant", sort=False).agg(
        seconds=("seconds", "median"),
        ratio=("ratio", "median"),
        lowest=("ratio", "min"),
        highest=("ratio", "max"),
        ms_per_run=("ms_per_run", "median"),
        models=("models", "min"),
    )
    return table.reset_index()
