"""ClickFunnels: signed webhooks in, mirrored records out (docs/webhooks; clickfunnels_api 3 and 4)."""

from integrations.clickfunnels.envelope import SOURCE
from integrations.clickfunnels.inbox import apply, receive
from integrations.clickfunnels.signature import verify

__all__ = ["SOURCE", "apply", "receive", "verify"]
