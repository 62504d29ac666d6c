"""Cookies on https, where they take the prefix that no other host can plant (RFC 6265bis 4.1.3)."""

import json
import os
import subprocess
import sys

import pytest

from settings import ROOT
from web.cookies import device_cookie, session_cookie

ASK = """
import json
from dataclasses import replace
from theming.center import NOBODYS
from web import cookies
acme = replace(NOBODYS, slug="acme")
print(json.dumps([cookies.session_cookie(acme, "t"), cookies.device_cookie(acme, "t"), cookies.presession_cookie("t")]))
"""


def test_on_https_they_are_bound_to_this_host_alone(tmp_path):
    environ = os.environ | {"BASE_URL": "https://centers.example", "DATA_DIR": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=environ, check=True, capture_output=True, text=True, timeout=60
    )
    made = json.loads(found.stdout.splitlines()[-1])
    names = [cookie.partition("=")[0] for cookie in made]
    assert names == ["__Host-center-acme", "__Host-device-acme", "__Host-presession"]
    for cookie in made:
        assert cookie.split("; ")[2:] == ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"]


@pytest.mark.parametrize("make", [session_cookie, device_cookie])
def test_on_http_they_are_bare(make):
    from theming.center import NOBODYS

    assert "Secure" not in make(NOBODYS, "t")
    assert not make(NOBODYS, "t").startswith("__Host-")
