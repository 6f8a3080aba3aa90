"""What a team deploys: the files of deploy/, and their commands run as their containers do."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import requests

from commands import PROJECT, Outcome
from deployment import DEPLOY, image, services
from servers import PATH, answers, free_port, running
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.registry import versions

SETTINGS = {"POSTGRES_PASSWORD": "secret"}


def test_no_password_no_start() -> None:
    with pytest.raises(KeyError, match=r"copy deploy/.env.example to deploy/.env"):
        services({})


def test_the_example_names_every_setting_and_holds_no_password() -> None:
    used = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text()))
    example = dict(re.findall(r"^(\w+)=(.*)$", (DEPLOY / ".env.example").read_text(), re.M))
    assert set(example) == used
    assert example["POSTGRES_PASSWORD"] == ""
    assert services(SETTINGS) == services(example | SETTINGS)


def test_only_the_loopback_address_is_published_and_the_database_not_at_all() -> None:
    ports = {name: service.get("ports", []) for name, service in services(SETTINGS).items()}
    assert ports.pop("database") == []
    assert ports.pop("proxy") == ["0.0.0.0:443:443", "0.0.0.0:80:80"]  # which asks who is there
    assert all(port.startswith("127.0.0.1:") for published in ports.values() for port in published)
    for name, published in ports.items():
        target = {"mlflow": "tracking", "model": "serving"}[name]
        assert [port.split(":")[-1] for port in published] == [
            image(target).environment["MLFLOW_PORT"]
        ]


def test_what_is_to_be_kept_lies_on_volumes_and_images_are_pinned() -> None:
    team = services(SETTINGS)
    assert team["mlflow"]["volumes"] == [
        "artifacts:" + image("tracking").environment["MLFLOW_ARTIFACTS_DESTINATION"]
    ]
    assert team["database"]["volumes"] == ["database:/var/lib/postgresql/data"]
    base = re.findall(r"^ARG \w+=(\S+:\S+)", (DEPLOY / "Dockerfile").read_text(), re.M)
    images = [*base, *(service["image"] for service in team.values())]
    assert len(images) == 5
    assert all(re.search(r":\d+\.\d+", name) for name in images)


def test_the_proxy_has_a_login_and_tls_before_every_server_and_is_started_where_asked() -> None:
    proxy = services(SETTINGS)["proxy"]
    assert proxy["profiles"] == ["team"]
    assert proxy["environment"]["TEAM_PASSWORD_HASH"] == ""  # with which Caddy does not start
    text = (DEPLOY / "Caddyfile").read_text()
    snippet = text[text.index("(guarded)") : text.index("{$TEAM_HOST}")]
    assert "{$TLS}" in snippet
    assert "basicauth * {" in snippet
    sites = re.findall(r"^\{\$(\w+)\} \{\n\timport guarded\n", text, re.MULTILINE)
    assert sites == ["TEAM_HOST", "MODEL_HOST"]
    assert text.count("reverse_proxy {$") == len(sites)
    assert "http://" not in text


def test_no_container_can_write_beside_its_volumes_or_has_a_capability_without_need() -> None:
    needed = {"proxy": ["NET_BIND_SERVICE"]}
    for name, service in services(SETTINGS).items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service.get("cap_add") == needed.get(name), name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert Path(service["tmpfs"][0]).name == "tmp", name
        assert not any(volume.startswith("/") for volume in service.get("volumes", [])), name


def test_the_cluster_of_spark_is_one_image_and_closed() -> None:
    cluster = services({"EXPORTS": "/data"}, "spark/compose.yaml")
    assert {service["image"] for service in cluster.values()} == {"tiktok-segments/spark:0.1.0"}
    ports = {name: service["ports"] for name, service in cluster.items() if "ports" in service}
    assert set(ports) == {"master", "mlflow"}
    assert all(port.startswith("127.0.0.1:") for own in ports.values() for port in own)
    assert {name for name, one in cluster.items() if "/data:/exports" in one["volumes"]} == {
        "master", "worker", "driver",
    }  # fmt: skip
    text = (DEPLOY / "spark" / "Dockerfile").read_text()
    copied = {
        name for line in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE) for name in line.split()
    }
    assert all((PROJECT / name).exists() for name in copied)
    let_through = (DEPLOY / "spark" / "Dockerfile.dockerignore").read_text()
    assert copied == set(re.findall(r"^!(\S+)", let_through, re.MULTILINE))
    assert re.search(r"^USER segments$", text, re.MULTILINE)


def test_the_images_run_as_nobody_special_and_send_no_telemetry() -> None:
    for target in ("tracking", "serving"):
        assert image(target).user == "segments"
        assert image(target).environment["MLFLOW_DISABLE_TELEMETRY"] == "true"


def test_what_the_images_copy_is_there_and_is_let_through() -> None:
    copied = {*image("tracking").copied, *image("serving").copied}
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text()
    assert copied == set(re.findall(r"^!(\S+)", ignored, re.MULTILINE))
    assert all((PROJECT / name).exists() for name in copied)


@pytest.mark.xdist_group("tracking server")
def test_the_served_champion_answers_with_names(
    command: Callable[..., Outcome],
    root: Path,
    tracking_server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", tracking_server)
    command("train.py", "-m", "k=5", "data.n_profiles=300")
    assert command("scripts/promote_model.py").status == 0
    _, model = versions.load_champion()
    serving = image("serving")
    app = lay_out(serving.copied, root / "app")
    port = str(free_port())
    environment = serving.environment | {
        "MLFLOW_PORT": port,
        "PYTHONPATH": serving.environment["PYTHONPATH"].replace("/app", str(app)),
        "TIKTOK_SEGMENTS_ROOT": str(root),
    }
    start = services(SETTINGS)["model"]["command"]
    assert start[: len(serving.command)] == serving.command
    start = [*start, "host=127.0.0.1", f"port={port}"]  # the last one counts
    health = partial(check_health, serving.healthcheck, environment)
    assert health() != 0
    profiles, _ = make_profiles(20, seed=1)
    rows = profiles[model.columns].to_dict("records")
    address = f"http://127.0.0.1:{port}"
    is_ready = partial(answers, f"{address}/health")
    with running(start, is_ready, root / "serving.log", environment, cwd=app):
        assert health() == 0
        answer = requests.post(
            f"{address}/invocations", json={"dataframe_records": rows}, timeout=30
        )
        del rows[0]["followers"]
        incomplete = requests.post(
            f"{address}/invocations", json={"dataframe_records": rows[:1]}, timeout=30
        )
    assert answer.json()["predictions"] == model.pipeline.predict(profiles).tolist()
    assert incomplete.status_code == 400
    assert "followers" in incomplete.text
    assert health() != 0


def lay_out(copied: dict[str, str], folder: Path) -> Path:
    """Copy into a folder what an image has in its own, and nothing else."""
    folder.mkdir()
    for name, place in copied.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, folder / place)
    return folder


def check_health(healthcheck: list[str], environment: dict[str, str]) -> int:
    """Run an image's health check; return its exit status."""
    variables = {**os.environ, "PATH": PATH, **environment}
    return subprocess.run(healthcheck, env=variables, capture_output=True, check=False).returncode
