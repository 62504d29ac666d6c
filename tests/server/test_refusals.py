"""A production server that is not safe to run does not run: one clear line, status 1."""

from __future__ import annotations

import subprocess
import sys

import pytest
from processes import ROOT, environment

GOOD = {"ENVIRONMENT": "production", "BASE_URL": "https://center.example.com", "SMTP_URL": "smtp://127.0.0.1:25"}
WRONG = {
    "SMTP_URL": "", "SECRET_KEY": "short", "BASE_URL": "http://center.example.com", "TRUSTED_PROXIES": "*",
    "LITESTAR_DEBUG": "1",
}  # fmt: skip
REASONS = [
    "SMTP_URL is not set", "SECRET_KEY is shorter than 32", "BASE_URL does not begin with https",
    "TRUSTED_PROXIES trusts every address", "LITESTAR_DEBUG is on", "can be read by every user",
]  # fmt: skip


@pytest.fixture(scope="module")
async def production(templates, tmp_path_factory):
    """What a start with these changes says, and its status."""
    folder = tmp_path_factory.mktemp("production")
    url = await templates.copy("vendors", folder)

    def start(command: str, mode: int = 0o700, **change: str) -> tuple[list[str], int]:
        folder.chmod(mode)
        done = subprocess.run(
            [sys.executable, "-m", "litestar", command], cwd=ROOT, env=environment(folder, url, **{**GOOD, **change}),
            text=True, capture_output=True, timeout=60,
        )  # fmt: skip
        return [line for line in (done.stdout + done.stderr).splitlines() if line.strip()], done.returncode

    return start


@pytest.mark.parametrize("command", ["run", "worker"])
def test_it_refuses_with_one_line(production, command):
    [line], status = production(command, SMTP_URL="")
    assert status == 1
    assert line.startswith("refusing to start: SMTP_URL is not set")


def test_every_reason_has_its_line(production):
    lines, status = production("run", 0o755, **WRONG)
    assert status == 1
    assert len(lines) == len(REASONS)
    assert all(line.startswith("refusing to start: ") and why in line for line, why in zip(lines, REASONS, strict=True))


def test_a_database_of_an_older_version_is_refused(production, tmp_path):
    [line], status = production("run", DATABASE_URL=f"sqlite:///{tmp_path / 'new.sqlite'}")
    assert status == 1
    assert "migration(s) pending; run `litestar migrate` first" in line


def test_a_setting_that_cannot_be_read_is_one_line_too(tmp_path):
    environ = environment(tmp_path, f"sqlite:///{tmp_path / 'x.sqlite'}", BASE_URL="center.example.com")
    done = subprocess.run(
        [sys.executable, "-m", "litestar", "run"], cwd=ROOT, env=environ, text=True, capture_output=True, timeout=60
    )  # fmt: skip
    assert done.returncode == 1
    assert "BASE_URL is 'center.example.com'" in done.stderr
    assert "Traceback" not in done.stderr
