from datetime import UTC, datetime, timedelta

import pytest

from integrations.clickfunnels import verify
from integrations.clickfunnels.signature import SIGNATURE, TIMESTAMP, sign
from tables import Vendor

SECRET = "0123456789abcdef" * 4
STAMP = b"1760000000"
BODY = (
    b'{"data":{"id":2,"public_id":"usxWaX"},"event_id":"11111111-2222-4333-8444-555555555555",'
    b'"event_type":"one-time-order.completed","subject_id":2,"subject_type":"Order"}'
)
RIGHT = b"7d8bb72a7aa2e8178b1697a89acc85f97d7b7dd98744c2befd599a4ddfe653b6"
BODY_ONLY = b"12bc3bdf2684d878d8b4ddeb65ce3faaaaca3efd99790221ad1332a00fb7273f"


@pytest.fixture
def then(clock):
    """The moment of the test vector."""
    clock.time = datetime.fromtimestamp(int(STAMP), UTC)
    return clock


def signed(signature: bytes = RIGHT, stamp: bytes = STAMP) -> dict[bytes, bytes]:
    return {SIGNATURE: signature, TIMESTAMP: stamp, b"content-type": b"application/json"}


def test_the_test_vector(then):
    assert len(BODY) == 166
    assert verify(signed(), BODY, [SECRET])
    assert not verify(signed(BODY_ONLY), BODY, [SECRET])


@pytest.mark.parametrize("headers", [
    {}, {SIGNATURE: RIGHT}, {TIMESTAMP: STAMP}, signed(b""), signed(RIGHT.upper()), signed(RIGHT[:-1]),
    signed(RIGHT + b"0"), signed(stamp=b""), signed(stamp=b"-1760000000"), signed(stamp=b" 1760000000"),
    signed(stamp=b"1760000000.0"), signed(stamp=b"1760000000\n"), signed(stamp=b"1" * 5000),
    signed(stamp="१७६०००००००".encode()), signed("é".encode()), signed(stamp=b"1760000001"),
])  # fmt: skip
def test_anything_else_is_refused(then, headers):
    assert not verify(headers, BODY, [SECRET])


def test_an_altered_byte_is_refused(then):
    for place in range(0, len(BODY), 13):
        altered = BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]
        assert not verify(signed(), altered, [SECRET])
    assert not verify(signed(), BODY + b"\n", [SECRET])


@pytest.mark.parametrize(("seconds", "good"), [(599, True), (-599, True), (600, True), (601, False), (-601, False)])
def test_the_clock_may_differ_by_ten_minutes(then, seconds, good):
    then.forward(seconds=seconds)
    assert verify(signed(), BODY, [SECRET]) is good


def test_a_body_that_is_no_json_is_verified_all_the_same(then):
    assert verify(signed(sign(STAMP, b"\xff{", SECRET)), b"\xff{", [SECRET])


def test_no_secret_verifies_nothing(then):
    assert not verify(signed(), BODY, [])
    assert not verify(signed(sign(STAMP, BODY, "")), BODY, ["", ""])


async def test_another_vendors_secret_is_refused(then, acme, globex):
    assert verify(signed(), BODY, acme.webhook_secrets)
    assert not verify(signed(), BODY, globex.webhook_secrets)


async def test_the_old_secret_is_good_for_two_days_after_a_rotation(then, acme):
    await Vendor.rotate_secret(acme.id, "fresh" * 10)
    rotated = await Vendor.objects().get(Vendor.id == acme.id)
    fresh = signed(sign(STAMP, BODY, "fresh" * 10))
    assert verify(signed(), BODY, rotated.webhook_secrets)
    assert verify(fresh, BODY, rotated.webhook_secrets)
    then.forward(hours=48)
    later = str(int((datetime.fromtimestamp(int(STAMP), UTC) + timedelta(hours=48)).timestamp())).encode()
    assert not verify(signed(sign(later, BODY, SECRET), later), BODY, rotated.webhook_secrets)
    assert verify(signed(sign(later, BODY, "fresh" * 10), later), BODY, rotated.webhook_secrets)
