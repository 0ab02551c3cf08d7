"""What serving installs: pinned by hash, for every system and version, and without known faults."""

from __future__ import annotations

import json
import re
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from dashboard.settings import PROJECT_FOLDER

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.M)
AUDIT = PROJECT_FOLDER / "build" / "load" / "bin" / "pip-audit"


def pins(path: Path) -> dict[str, str]:
    return {name.lower().replace("_", "-"): version for name, version in PIN.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", ["requirements", "requirements-hosts"])
def test_every_package_has_its_hashes(name: str) -> None:
    folder = PROJECT_FOLDER / "dashboard"
    asked, locked = pins(folder / f"{name}.txt"), pins(folder / f"{name}.lock")
    assert asked.items() <= locked.items(), "requirements have changed; run `make lock`"
    entries = re.split(r"\n(?=[a-z])", (folder / f"{name}.lock").read_text(encoding="utf-8"))[1:]
    assert len(entries) == len(locked)
    for entry in entries:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_no_package_has_a_known_fault() -> None:
    if not AUDIT.exists():
        pytest.skip("pip-audit is not installed; `make load` installs it")
    try:
        urllib.request.urlopen("https://pypi.org/pypi/flask/3.1.3/json", timeout=5).close()
    except urllib.error.HTTPError as error:
        error.close()
        pytest.skip(f"the database of known faults cannot be reached: {error}")
    except OSError as error:
        pytest.skip(f"the database of known faults cannot be reached: {error}")
    done = subprocess.run(
        [str(AUDIT), "-r", "dashboard/requirements.lock", "--require-hashes", "--disable-pip", "--format", "json",
         "--progress-spinner", "off", "--timeout", "5"],
        cwd=PROJECT_FOLDER, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    audited = [each for each in json.loads(done.stdout)["dependencies"] if "skip_reason" not in each]
    assert audited, done.stderr
    assert not {each["name"]: each["vulns"] for each in audited if each["vulns"]}
