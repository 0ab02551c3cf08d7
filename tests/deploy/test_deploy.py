"""What `deploy/` says is linted, and what its containers would run is run without them."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboard.serving.server import available_kind
from dashboard.settings import PROJECT_FOLDER, Settings
from tests import servers
from tests.browser.serving import ADDRESS
from tests.servers import free_port, redis_server

DEPLOY = PROJECT_FOLDER / "deploy"
HADOLINT = shutil.which("hadolint", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each with what follows it."""
    text = re.sub(r"\\\n", " ", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    return found[max(place for place, (name, _) in enumerate(found) if name == "FROM") :]


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, env={**os.environ, **variables}
    )


@pytest.mark.skipif(HADOLINT is None, reason="hadolint is not installed here")
def test_hadolint_finds_nothing() -> None:
    done = run(str(HADOLINT), str(DEPLOY / "Dockerfile"))
    assert (done.returncode, done.stdout) == (0, "")


def test_docker_reads_the_composition() -> None:
    if not shutil.which("docker") or run("docker", "compose", "version").returncode:
        pytest.skip("docker has no `compose` here")
    done = run("docker", "compose", "-f", str(DEPLOY / "compose.yaml"), "config", "--quiet")
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    unit = (DEPLOY / "live-genre-dashboard.service").read_text(encoding="utf-8")
    path = tmp_path / "live-genre-dashboard.service"
    path.write_text(unit.replace("/opt/live-genre-dashboard/.venv/bin/python", sys.executable), encoding="utf-8")
    done = run("systemd-analyze", "verify", "--man=no", str(path))
    assert "live-genre-dashboard" not in done.stderr, done.stderr


def test_no_container_runs_as_root_or_writes_where_it_need_not() -> None:
    assert ("USER", "10001") in last_stage()
    for name, service in compose()["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:"), name
        assert ":" in service["image"] or "build" in service, name


def test_the_settings_of_the_pages_are_settings() -> None:
    for name in ("page1", "page2"):
        settings = Settings.from_environment(compose()["services"][name]["environment"])
        assert settings.proxies == 1
        assert name in settings.allowed_hosts
        body_mib = int(re.search(r"client_max_body_size (\d+)m", (DEPLOY / "nginx.conf").read_text())[1])  # type: ignore[index]
        assert settings.max_upload_mib < body_mib


def test_prometheus_asks_every_page() -> None:
    config = yaml.safe_load((DEPLOY / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = config["scrape_configs"]
    pages = [name for name in compose()["services"] if name.startswith("page")]
    assert job["static_configs"][0]["targets"] == [f"{name}:8050" for name in pages]


@pytest.mark.skipif("redis-server" in servers.missing(), reason="redis-server is not installed")
@pytest.mark.skipif(available_kind() != "gunicorn", reason="the container serves with gunicorn")
def test_what_the_container_holds_is_enough_to_serve(tmp_path: Path) -> None:
    """Its files alone, its variables, its command, its health check; the folder cannot be written."""
    page = tmp_path / "page"
    page.mkdir()
    for name, rest in last_stage():
        if name == "COPY" and not rest.startswith("--from"):
            *sources, target = shlex.split(rest)
            for source in (found for pattern in sources for found in PROJECT_FOLDER.glob(pattern)):
                into = page / target / (source.name if target.endswith("/") else "")
                into.parent.mkdir(parents=True, exist_ok=True)
                left_out = shutil.ignore_patterns("__pycache__", "study", "compose")
                shutil.copytree(source, into, ignore=left_out) if source.is_dir() else shutil.copy(source, into)
    variables = (
        dict(pair.split("=", 1) for name, rest in last_stage() if name == "ENV" for pair in shlex.split(rest))
        | compose()["services"]["page1"]["environment"]
    )
    port = free_port()
    variables |= {
        "PATH": os.environ["PATH"],
        "GENRE_DATA_FOLDER": str(tmp_path / "data"),
        "GENRE_PORT": str(port),
        "GENRE_ALLOWED_HOSTS": "127.0.0.1",
    }
    compiled = run(sys.executable, "-m", "compileall", "-q", str(page / "dashboard"), str(page / "model"))
    assert compiled.returncode == 0, compiled.stderr
    held = sorted(page.rglob("*"))
    (command,) = (json.loads(rest) for name, rest in last_stage() if name == "CMD")
    (check,) = (json.loads(rest.partition("CMD ")[2]) for name, rest in last_stage() if name == "HEALTHCHECK")
    check[-1] = check[-1].replace(":8050", f":{port}")
    (redis_folder := tmp_path / "redis").mkdir()
    redis_port = free_port()
    variables["GENRE_REDIS"] = f"redis://127.0.0.1:{redis_port}/0"
    with redis_server(redis_folder, redis_port):
        process = subprocess.Popen(
            [sys.executable, *command[1:]],
            cwd=page,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            assert ADDRESS.search(process.stdout.readline())
            deadline = 20
            while deadline and (done := run(sys.executable, *check[1:])).returncode:  # the model is being loaded
                deadline -= 1
            assert done.returncode == 0, done.stderr
        finally:
            process.terminate()
            _, errors = process.communicate(timeout=20)
    assert "Traceback" not in errors
    assert all(json.loads(line) for line in errors.splitlines() if line.startswith("{"))
    assert sorted(page.rglob("*")) == held
