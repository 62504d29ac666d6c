import pytest
from cryptography.fernet import Fernet

from tables import Vendor
from tables.sealed import derived_key, seal, unseal
from tests.stage import SECRET


def test_sealed_text_opens_again():
    assert unseal(seal("sesame é")) == "sesame é"


def test_the_same_text_is_sealed_differently_each_time():
    assert seal("sesame") != seal("sesame")


@pytest.mark.parametrize("sealed", ["", "x", Fernet(Fernet.generate_key()).encrypt(b"other key").decode()])
def test_what_was_not_sealed_with_our_key_does_not_open(sealed):
    with pytest.raises(ValueError, match="another SECRET_KEY"):
        unseal(sealed)


def test_no_key_serves_two_purposes():
    assert derived_key("form tokens") != derived_key("sign-in codes")


async def test_webhook_secrets_are_sealed_at_rest(acme):
    row = await Vendor.select().first()
    assert SECRET not in repr(row)
    assert acme.webhook_secrets == [SECRET]
