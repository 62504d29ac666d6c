from zoneinfo import ZoneInfo

from integrations.clickfunnels.time_zones import ZONES, iana


def test_every_zone_that_rails_names_exists():
    assert len(ZONES) > 140
    assert all(ZoneInfo(zone) for zone in ZONES.values())


def test_names():
    assert iana("Pacific Time (US & Canada)") == "America/Los_Angeles"
    assert iana("Europe/Berlin") == "Europe/Berlin"
    assert [iana(name) for name in ("Middle-earth", None, 5, "../../etc/passwd")] == [None] * 4
