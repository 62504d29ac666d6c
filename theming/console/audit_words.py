"""The log of changes in words: one sentence for each action."""

from __future__ import annotations

import json
from typing import Any

from theming.words import _


def N_(message: str) -> str:
    return message


ACTIONS = {
    "center.created": N_("Created the center"),
    "customer.viewed": N_("Looked at the center as"),
    "partial.saved": N_("Wrote a template"),
    "partial.restored": N_("Restored a template"),
    "partial.removed": N_("Went back to the stock part"),
    "staff.invited": N_("Invited"),
    "staff.invitation_withdrawn": N_("Withdrew the invitation of"),
    "staff.joined": N_("Joined"),
    "staff.role_changed": N_("Changed the role of"),
    "staff.removed": N_("Removed"),
    "import.token_kept": N_("Entered the ClickFunnels API token for"),
    "import.token_removed": N_("Removed the ClickFunnels API token"),
    "import.started": N_("Started an import from"),
    "import.stopped": N_("Stopped the import from"),
    "import.continued": N_("Went on with the import from"),
    "settings.changed": N_("Changed the settings:"),
    "secret.sso": N_("Set a new single sign-on secret"),
    "secret.sso_off": N_("Switched single sign-on off"),
    "secret.clickfunnels": N_("Set a new webhook secret"),
    "stripe.key_kept": N_("Entered the Stripe key for"),
    "stripe.secret_kept": N_("Set a new signing secret of Stripe"),
    "stripe.taken_in": N_("Had Stripe's subscriptions fetched"),
    "stripe.off": N_("Switched Stripe off"),
    "domain.wanted": N_("Asked for the host"),
    "domain.proven": N_("Moved the center to"),
    "domain.left": N_("Gave up the host"),
    "sender.proven": N_("Proved the sender"),
    "logo.changed": N_("Changed the logo:"),
    "logo.removed": N_("Removed the logo"),
    "theme.drafted": N_("Saved a draft of the look"),
    "theme.published": N_("Published a look"),
    "theme.undone": N_("Went back to the look before"),
    "words.changed": N_("Put into their own words:"),
    "words.reset": N_("Gave back their own words for:"),
    "course.made": N_("Made the course"),
    "course.changed": N_("Changed the course"),
    "course.reordered": N_("Changed the order in"),
    "course.published": N_("Published the course"),
    "course.scheduled": N_("Scheduled the course"),
    "course.unpublished": N_("Made a draft of the course"),
    "course.deleted": N_("Deleted the course"),
    "course.kept_here": N_("Took over from ClickFunnels"),
    "course.returned": N_("Gave back to ClickFunnels"),
    "section.made": N_("Made the section"),
    "section.changed": N_("Changed the section"),
    "section.published": N_("Published the section"),
    "section.scheduled": N_("Scheduled the section"),
    "section.unpublished": N_("Made a draft of the section"),
    "section.deleted": N_("Deleted the section"),
    "lesson.made": N_("Made the lesson"),
    "lesson.changed": N_("Changed the lesson"),
    "lesson.published": N_("Published the lesson"),
    "lesson.scheduled": N_("Scheduled the lesson"),
    "lesson.unpublished": N_("Made a draft of the lesson"),
    "lesson.deleted": N_("Deleted the lesson"),
    "lesson.file_added": N_("Added a file to the lesson"),
    "lesson.file_deleted": N_("Deleted a file of the lesson"),
    "enrollment.made": N_("Enrolled"),
    "enrollment.suspended": N_("Suspended"),
    "enrollment.lifted": N_("Lifted the suspension of"),
    "enrollment.removed": N_("Took out of the course"),
    "enrollment.list": N_("Enrolled the people of the list"),
    "product.made": N_("Made the product"),
    "product.opens": N_("Changed what is opened by the product"),
    "customer.added": N_("Added the customer"),
    "customer.renamed": N_("Changed the names of"),
    "customer.link_sent": N_("Sent a sign-in link to"),
    "customer.switched_off": N_("Switched off the account of"),
    "customer.switched_on": N_("Switched on the account of"),
    "order.written": N_("Wrote down the order"),
    "order.refunded": N_("Recorded a refund of the order"),
    "export.customers": N_("Exported all customers"),
    "export.orders": N_("Exported all orders"),
    "webhook.replayed": N_("Worked webhooks again:"),
    "webhook.tested": N_("Sent a test webhook"),
    "mail.sent_again": N_("Sent a message again to"),
    "mail.link_sent": N_("Sent a sign-in link to"),
}
"""Action → what was done, before its subject. A test asks that every recorded action stands here."""


def entry(row: Any, when: Any) -> dict[str, Any]:
    """An entry for the page: who, what, to whom, with what, when."""
    detail = json.loads(row["detail"])
    return {
        "who": row["person_name"] or _("The operator"), "what": _(ACTIONS.get(row["action"], row["action"])),
        "subject": row["subject"], "when": when,
        "detail": [{"label": name.replace("_", " "), "value": str(value)} for name, value in detail.items()],
    }  # fmt: skip
