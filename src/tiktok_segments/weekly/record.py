"""A week as a run in MLflow, and as word that is sent of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from tiktok_segments.accounts.privacy import without_names
from tiktok_segments.tracking import artifacts, run_names
from tiktok_segments.tracking.runs import RunRecord
from tiktok_segments.tracking.store import store_address
from tiktok_segments.weekly.notice import event_of, read_command, send_word
from tiktok_segments.weekly.outcome import Week


def fill_record(run: RunRecord, config: Mapping[str, Any], week: Week) -> None:
    """Fill the run of a week with what was done.

    Parameters
    ----------
    run : RunRecord
        Open.
    config : mapping
        The plain content of the configuration.
    week : Week
        Done, held or failed.
    """
    steps = pd.DataFrame(week.steps, columns=["step", "what"])
    run.files |= {
        artifacts.CONFIG: artifacts.to_yaml({**config, "data": without_names(config["data"])}),
        f"{artifacts.STEPS}.csv": steps.to_csv(index=False),
    }
    run.metrics |= {name: float(count) for name, count in week.counts.items()}
    run.params.setdefault(run_names.DATA_SOURCE, week.source)
    run.tags |= {
        "mlflow.runName": f"week {week.name}, {week.outcome}",
        run_names.OUTCOME: week.outcome,
        run_names.WEEK_REASON: week.reason[:4000],
        run_names.CHAMPION_TAG: week.champion,
    }
    if week.drift:
        run.tags[run_names.DRIFT] = week.drift


def announce(notify: Mapping[str, Any], week: Week) -> None:
    """Send word of a week, where there is something to tell and somebody to be told.

    Parameters
    ----------
    notify : mapping
        ``command`` and ``timeout``.
    week : Week
        Done, held or failed; its steps tell that word was sent, or why it could not be.
    """
    command, event = read_command(notify["command"]), event_of(week.outcome, week.drift)
    if not command or event is None:
        return
    problem = send_word(command, as_message(event, week), float(notify["timeout"]))
    week.note("notify", f"Word of it was sent: {event}." if problem is None else f"{problem}.")


def as_message(event: str, week: Week) -> dict[str, Any]:
    """Return what word is sent of a week, as plain data.

    Parameters
    ----------
    event : str
        One of :data:`~tiktok_segments.weekly.notice.EVENTS`.
    week : Week
        Done, held or failed.
    """
    return {
        "event": event,
        "outcome": week.outcome,
        "exit_status": week.status,
        "reason": week.reason,
        "week": week.name,
        "started": week.started.isoformat(timespec="seconds"),
        "export": week.source,
        "champion_before": week.champion_before or None,
        "champion": week.champion or None,
        "drift": week.drift or None,
        "counts": week.counts,
        "files": [str(file.absolute()) for file in week.files],
        "run_id": week.run_id,
        "store": _without_password(store_address()),
    }


def _without_password(address: str) -> str:
    """Return an address without what stands before its host.

    Examples
    --------
    >>> _without_password("postgresql://me:secret@db:5432/mlflow")
    'postgresql://db:5432/mlflow'
    >>> _without_password("sqlite:////data/mlflow.db")
    'sqlite:////data/mlflow.db'
    """
    scheme, mark, rest = address.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"
