import ipaddress
import os
import stat
import subprocess
import sys

import msgspec
import pytest

from settings import ROOT, SettingsError, kept_secret_key, read, refusals


@pytest.fixture
def settle(tmp_path):
    """Settings read from these values, with a data folder of their own."""
    return lambda **environ: read({"DATA_DIR": str(tmp_path / "data"), **environ})


def test_without_any_setting_a_developer_can_start(settle, tmp_path):
    found = settle()
    assert (found.environment, found.base_url, found.worker) == ("development", "http://127.0.0.1:8000", True)
    assert found.database_url == f"sqlite:///{tmp_path / 'data' / 'center.sqlite'}"
    assert (found.smtp_url, found.trusted_proxies, found.log_format) == (None, (), "text")
    assert found.mail_from == "no-reply@127.0.0.1"
    assert not found.secure


@pytest.mark.parametrize(
    ("given", "base_url", "host", "secure"),
    [("https://Center.Example.com/", "https://center.example.com", "center.example.com", True),
     ("http://localhost:9000", "http://localhost:9000", "localhost:9000", False)],
)  # fmt: skip
def test_the_base_address_is_scheme_and_host(settle, given, base_url, host, secure):
    found = settle(BASE_URL=given)
    assert (found.base_url, found.base_host, found.secure) == (base_url, host, secure)


def test_the_port_stands_in_the_base_address(settle):
    assert settle(PORT="9999").base_url == "http://127.0.0.1:9999"


@pytest.mark.parametrize(
    ("name", "value"),
    [("BASE_URL", "center.example.com"), ("BASE_URL", "ftp://x.example"), ("BASE_URL", "https://x.example/path"),
     ("BASE_URL", "https://"),
     ("BASE_URL", "https://x.example?a=1"), ("ENVIRONMENT", "staging"), ("WORKER", "yes"), ("LOG_FORMAT", "xml"),
     ("TRUSTED_PROXIES", "proxy.example"), ("TRUSTED_PROXIES", "10.0.0.1/33"), ("GRAVATAR_URL", "gravatar.com"),
     ("GRAVATAR_URL", "ftp://x.example"), ("SMS_URL", "texts.example.com"), ("SMS_URL", "ftp://texts.example.com/x"),
     ("SMS_URL", "https:///x"), ("CLICKFUNNELS_URL", "127.0.0.1:9000"), ("STRIPE_URL", "127.0.0.1"),
     ("HOUSE_VENDOR", "Acme Learning"), ("HOUSE_VENDOR", "../acme")],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_named_in_one_line(settle, name, value):
    with pytest.raises(SettingsError) as refused:
        settle(**{name: value})
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)


def test_gravatar_can_be_elsewhere_or_nowhere(settle):
    assert settle().gravatar_url == "https://gravatar.com/avatar"
    assert settle(GRAVATAR_URL="https://faces.example/avatar/").gravatar_url == "https://faces.example/avatar"
    assert settle(GRAVATAR_URL="").gravatar_url is None


def test_the_house_may_have_a_center_of_its_own(settle):
    assert settle().house_vendor is None
    assert settle(HOUSE_VENDOR=" acme-2 ").house_vendor == "acme-2"


def test_proxies_are_addresses_and_networks(settle):
    found = settle(TRUSTED_PROXIES="10.0.0.1, 192.168.0.0/16,2001:db8::/32")
    assert found.trusted_proxies == tuple(map(ipaddress.ip_network, ("10.0.0.1/32", "192.168.0.0/16", "2001:db8::/32")))


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path):
    path = tmp_path / "key"
    first = kept_secret_key(path)
    assert kept_secret_key(path) == first
    assert len(first) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_given_key_is_kept_nowhere(settle, tmp_path):
    assert settle(SECRET_KEY="k" * 40).secret_key == "k" * 40
    assert not (tmp_path / "data" / "secret_key").exists()


PRODUCTION = {"ENVIRONMENT": "production", "BASE_URL": "https://center.example.com", "SMTP_URL": "smtp://mail.example",
              "SECRET_KEY": "k" * 40}  # fmt: skip


def test_a_safe_production_is_not_refused(settle):
    assert refusals(settle(**PRODUCTION), {}) == []


@pytest.mark.parametrize(
    ("changed", "environ", "says"),
    [({"SMTP_URL": ""}, {}, "SMTP_URL"), ({"SECRET_KEY": "short"}, {}, "SECRET_KEY"),
     ({"BASE_URL": "http://x.example"}, {}, "https"),
     ({"TRUSTED_PROXIES": "*"}, {}, "TRUSTED_PROXIES"), ({"TRUSTED_PROXIES": "0.0.0.0/0"}, {}, "TRUSTED_PROXIES"),
     ({"TRUSTED_PROXIES": "::/0"}, {}, "TRUSTED_PROXIES"), ({}, {"LITESTAR_DEBUG": "1"}, "LITESTAR_DEBUG"),
     ({}, {"LITESTAR_DEBUG": "True"}, "LITESTAR_DEBUG"),
     ({"CLICKFUNNELS_URL": "http://127.0.0.1:9000"}, {}, "CLICKFUNNELS_URL"),
     ({"STRIPE_URL": "http://127.0.0.1:9001"}, {}, "STRIPE_URL")],
)  # fmt: skip
def test_an_unsafe_production_is_refused_with_one_line(settle, changed, environ, says):
    (why,) = refusals(settle(**PRODUCTION | changed), environ)
    assert says in why
    assert "\n" not in why


def test_a_data_folder_everybody_can_read_is_refused(settle):
    found = settle(**PRODUCTION)
    found.data_dir.chmod(0o755)
    (why,) = refusals(found, {})
    assert str(found.data_dir) in why


def test_a_developer_is_refused_nothing(settle):
    assert refusals(msgspec.structs.replace(settle(), secret_key="x"), {"LITESTAR_DEBUG": "1"}) == []


@pytest.mark.parametrize("command", ["run", "worker"])
def test_server_and_worker_do_not_start_unsafely(tmp_path, command):
    environ = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    environ |= {"ENVIRONMENT": "production", "DATA_DIR": str(tmp_path), "SECRET_KEY": "short"}
    found = subprocess.run(
        [sys.executable, "-m", "litestar", command], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60
    )
    lines = [line for line in found.stderr.splitlines() if line.startswith("refusing to start: ")]
    assert found.returncode == 1
    assert [any(word in line for line in lines) for word in ("SMTP_URL", "SECRET_KEY", "BASE_URL")] == [True] * 3
    assert "Traceback" not in found.stderr
