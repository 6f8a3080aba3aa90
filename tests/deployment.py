"""What deploy/ says, so that tests start what a team starts."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from commands import PROJECT
from servers import Database, answers, free_port, running

DEPLOY = PROJECT / "deploy"
TEAM_HOST = "segments.example.org"


@dataclass(frozen=True)
class Image:
    """What a target of the Dockerfile runs."""

    command: list[str]
    healthcheck: list[str]
    environment: dict[str, str]
    copied: dict[str, str]
    user: str


@dataclass(frozen=True)
class Team:
    """A tracking server that runs, its database, and the folder of what it hands out."""

    address: str
    database: Database
    artifacts: Path


def image(target: str) -> Image:
    """Read a target of the Dockerfile, with what it has from the stages that it is built on."""
    stages: dict[str, list[str]] = {}
    lines: list[str] = []
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Dockerfile").read_text())
    for line in text.splitlines():
        if stage := re.fullmatch(r"FROM (\S+) AS (\S+)", line):
            lines = stages[stage[2]] = list(stages.get(stage[1], []))
        lines.append(line)
    found = stages[target]
    environment = re.findall(r"(\w+)=(\S+)", " ".join(i for i in found if i.startswith("ENV ")))
    return Image(
        command=_last(found, r"CMD (\[.+\])"),
        healthcheck=_last(found, r"HEALTHCHECK .*CMD (\[.+\])"),
        environment=dict(environment),
        copied=dict(re.findall(r"^COPY (\S+) (\S+)$", "\n".join(found), re.MULTILINE)),
        user=[line.split()[1] for line in found if line.startswith("USER ")][-1],
    )


def _last(lines: list[str], pattern: str) -> list[str]:
    found = [match[1] for line in lines if (match := re.fullmatch(pattern, line))]
    return [str(word) for word in json.loads(found[-1])]


def services(settings: dict[str, str], file: str = "compose.yaml") -> dict[str, Any]:
    """Read the services of a compose file, filled in with what stands in deploy/.env."""
    whole = yaml.safe_load((DEPLOY / file).read_text())
    return {name: _filled(service, settings) for name, service in whole["services"].items()}


def _filled(value: Any, settings: dict[str, str]) -> Any:
    """Fill in ``${NAME:-default}`` and ``${NAME:?what to do}``, as Compose does: after reading."""
    if isinstance(value, dict):
        return {key: _filled(inner, settings) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, settings) for inner in value]
    if not isinstance(value, str):
        return value

    def fill(match: re.Match[str]) -> str:
        name, kind, words = match.groups()
        if not settings.get(name) and kind == "?":
            raise KeyError(words)
        return settings.get(name) or words

    return re.sub(r"\$\{(\w+):([-?])([^}]*)\}", fill, value)


@contextmanager
def team_server(folder: Path, database: Database) -> Iterator[str]:
    """Start the tracking server as its container does, artifacts in a folder; yield its address."""
    port = str(free_port())
    tracking = image("tracking")
    settings = {"POSTGRES_PASSWORD": database.password, "TEAM_HOST": TEAM_HOST}
    address = f"http://127.0.0.1:{port}"
    environment = {
        **tracking.environment,
        **services(settings)["mlflow"]["environment"],
        "PGHOST": database.host,
        "PGPORT": str(database.port),
        "MLFLOW_HOST": "127.0.0.1",
        "MLFLOW_PORT": port,
        "MLFLOW_WORKERS": "1",
        "MLFLOW_ARTIFACTS_DESTINATION": str(folder / "artifacts"),
    }
    is_ready = partial(answers, f"{address}/health")
    with running(tracking.command, is_ready, folder / "server.log", environment):
        yield address
