import subprocess
import sys

import msgspec
import pytest

from integrations.stripe import client
from integrations.stripe.client import KeyRefused, StripeMissing, connected
from settings import ROOT
from tests.integrations.stripe.fake_stripe import KEY


def test_the_application_loads_without_stripes_package():
    """Also where it is not installed at all: nothing asks for it before it is needed."""
    code = (
        "import sys; sys.modules['stripe'] = None; import app; app.create_app(); "
        "assert 'integrations.stripe.http' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60, capture_output=True)


async def test_what_is_no_key_is_sent_nowhere(stripe_api):
    for key in ("", "pk_test_0123456789", "sk_test_0123456789\nHost: x", "sk_test_é0123456789"):
        with pytest.raises(KeyRefused):
            async with connected(key):
                pass
    assert stripe_api.asked == []


async def test_without_the_package_it_says_so(monkeypatch):
    monkeypatch.setattr(client, "installed", lambda: False)
    with pytest.raises(StripeMissing, match="not installed"):
        async with connected(KEY):
            pass


async def test_the_version_is_pinned_and_little_is_told_of_us(stripe_api):
    async with connected(KEY) as stripe:
        await stripe.v1.products.list_async()
    (headers,) = stripe_api.headers
    assert headers["stripe-version"] == client.VERSION
    assert headers["user-agent"].endswith("CustomerCenter/1")
    assert "telemetry" not in str(headers)


async def test_only_in_development_may_something_stand_in_for_stripe(monkeypatch):
    stand_in = msgspec.structs.replace(client.settings, stripe_url="http://127.0.0.1:9")
    monkeypatch.setattr(client, "settings", stand_in)
    assert client.addresses() == {"api": "http://127.0.0.1:9"}
    monkeypatch.setattr(client, "settings", msgspec.structs.replace(stand_in, environment="production"))
    assert client.addresses() == {}
