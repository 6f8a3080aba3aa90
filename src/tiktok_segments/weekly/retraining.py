"""A sweep on the week's export, in the champion's space, and the gate."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from time import time_ns
from typing import Any

from tiktok_segments.accounts.privacy import without_paths
from tiktok_segments.defaults import default_root
from tiktok_segments.errors import InputError
from tiktok_segments.registry.promotion import promote
from tiktok_segments.registry.restoration import restore
from tiktok_segments.reports.promotion import gate_sentence
from tiktok_segments.tracking import history
from tiktok_segments.tracking.named_model import NamedModel
from tiktok_segments.validation.spaces import RECIPE
from tiktok_segments.weekly.outcome import Week
from tiktok_segments.weekly.recipe import write


def sweep_settings(
    config: Mapping[str, Any], champion: NamedModel | None, own: Mapping[str, Any] | None
) -> list[str]:
    """Return what a retraining tries, as a command line has it.

    Parameters
    ----------
    config : mapping
        The plain content of the command's configuration: ``k``, and the first model's ``space``.
    champion : NamedModel or None
        Whose space is kept.
    own : mapping or None
        The plain content of the configuration that the champion was trained by.

    Returns
    -------
    list of str
        ``name=value`` each.

    Examples
    --------
    >>> space = {"features": "core", "scaler": "standard", "outliers": "keep"}
    >>> sweep_settings({"k": [3, 4], "space": space}, None, None)
    ['k=3,4', 'features=core', 'scaler=standard', 'outliers=keep']
    """
    space = {name: config["space"][name] for name in RECIPE}
    if champion is not None:
        space |= {name: champion.facts[name] for name in space}
    settings = [f"k={','.join(map(str, config['k']))}"]
    settings += [f"{name}={value}" for name, value in space.items()]
    rule = (own or {}).get("outliers", {})
    if rule.get("columns"):  # its numbers may have been set apart from its name
        settings += [f"outliers.{name}={write(rule[name])}" for name in ("columns", "factor")]
    return settings


def retrain(
    settings: Sequence[str],
    data: Mapping[str, Any],
    promotion: Mapping[str, Any],
    champion: NamedModel | None,
    week: Week,
) -> None:
    """Sweep on the week's export; hold the best model against the gate.

    Parameters
    ----------
    settings : sequence of str
        Of the sweep, as a command line has them.
    data : mapping
        Which export it is of.
    promotion : mapping
        Thresholds of the gate, as in ``conf/promotion``.
    champion : NamedModel or None
        What it would replace.
    week : Week
        Told, and given its outcome.

    Raises
    ------
    InputError
        If no run finished.
    """
    sweep_id = _sweep(settings, data, week)
    best = history.best_run_id(sweep_id)
    segmentation = restore(best, {"path": data["path"]}, naming=None)
    result = promote(segmentation, promotion)
    stays = "There is still no champion." if champion is None else "The champion stays."
    sentence = gate_sentence(segmentation, result, stays)
    week.end("refused" if result.outcome == "refused" else "replaced", sentence)
    week.note("gate", sentence)


def _sweep(settings: Sequence[str], data: Mapping[str, Any], week: Week) -> str:
    """Run the sweep as a process of its own, as anyone would; return its id.

    Where nobody watches, what it prints is told with the day, as all of a week is, and without what
    it would have somebody do next.
    """
    started = time_ns() // 1_000_000
    done = subprocess.run(  # noqa: S603 - this project's own script, no shell
        [sys.executable, str(default_root() / "train.py"), "-m", *settings],
        stdout=None if sys.stdout.isatty() else subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    for line in (done.stdout or "").splitlines():
        if line.strip() and not line.startswith("Next: "):
            week.tell("sweep", line.rstrip())
    sweep_id = history.sweep_of(" ".join(without_paths(settings, data)), started)
    if sweep_id is None or done.returncode not in (0, 1):  # 1 tells that a run failed
        raise InputError(f"The retraining failed (exit status {done.returncode}).")
    if done.returncode:
        week.note(
            "retrain", f"Some of its runs failed; leaderboard.csv of sweep {sweep_id} says why."
        )
    return sweep_id
