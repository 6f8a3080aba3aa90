"""Schedules that the documents hand out: each starts the week, and knows how it can end."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from commands import PROJECT, Outcome
from tiktok_segments.weekly.outcome import EXIT_STATUS

UNITS = PROJECT / "deploy" / "systemd"
WORKFLOW = PROJECT / "docs" / "weekly-workflow.yml"


def test_systemd_takes_the_units_and_every_outcome_but_a_failure_as_success(tmp_path: Path) -> None:
    for unit in UNITS.iterdir():
        text = unit.read_text().replace("/srv/segments/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text.replace("/srv/segments", str(PROJECT)))
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    service = (UNITS / "segments-weekly.service").read_text()
    said = re.search(r"^SuccessExitStatus=(.*)$", service, re.MULTILINE)
    assert said is not None
    ends = set(EXIT_STATUS.values())
    assert {int(status) for status in said[1].split()} == ends - {0, EXIT_STATUS["failed"]}


def test_the_workflow_knows_every_outcome() -> None:
    steps = yaml.safe_load(WORKFLOW.read_text())["jobs"]["weekly"]["steps"]
    (script,) = (step["run"] for step in steps if "scripts/weekly.py" in step.get("run", ""))
    known = {int(status) for status in re.findall(r"^\s*(\d)\)", script, re.MULTILINE)}
    assert known == set(EXIT_STATUS.values()) - {EXIT_STATUS["failed"]}


@pytest.mark.parametrize("where", ["cron", "systemd", "workflow"])
def test_every_schedule_calls_the_command_as_it_is(
    command: Callable[..., Outcome], where: str
) -> None:
    texts = {
        "cron": (PROJECT / "docs" / "model-life.md").read_text(),
        "systemd": (UNITS / "segments-weekly.service").read_text(),
        "workflow": WORKFLOW.read_text(),
    }
    call = re.search(r"python (scripts/weekly\.py data\.path=\S+( output=\S+)?)", texts[where])
    assert call is not None
    script, *arguments = shlex.split(call[1])
    outcome = command(script, *arguments)
    # The file of the example is not on this machine: a failed week, not a misspelt setting.
    assert outcome.status == EXIT_STATUS["failed"]
    assert "There is no setting" not in outcome.err
