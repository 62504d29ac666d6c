"""ClickFunnels: signed webhooks in, mirrored records out (docs/webhooks.md)."""

from integrations.clickfunnels.envelope import SOURCE
from integrations.clickfunnels.inbox import apply, deliver, receive
from integrations.clickfunnels.signature import verify

__all__ = ["SOURCE", "apply", "deliver", "receive", "verify"]
