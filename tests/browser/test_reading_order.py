"""What w3m writes: the words of a page in the order a person hears them."""

from __future__ import annotations

import os
import subprocess

import pytest
from promises import TABS

SCREENS = {
    "hub": ("/acme/courses", [
        "Acme Learning", "account menu for Alice Ames", "My Account", "Manage account", "Sign out", "Your courses",
        "Intro to Beekeeping", "lessons done", "Carry on", "All courses", "Intro to Beekeeping", "Questions?",
    ]),
    "orders": ("/acme/account/orders", [
        "My Account", *(name for name, _ in TABS), "Orders", "Order", "Date", "Items", "Status", "Total", "Order 1001",
        "Intro to Beekeeping", "Paid", "$97.00", "Order 1002", "Older",
    ]),
    "order": ("/acme/account/orders/1002", [
        "All orders", "Order 1002", "Payment:", "Partly refunded", "Items", "Starter hive kit", "Frames", "Shipping",
        "Tax", "Total", "$249.00", "What happened", "Order placed", "Paid $249.00", "Parcel", "UPS",
        "1 of 2 × Frames", "Refunded $6.00 of $249.00", "Still to come", "1 of 2 × Frames", "Invoices", "INV-2",
        "Delivery and billing address", "18 Orchard Lane",
    ]),
    "profile": ("/acme/account/profile", [
        "Manage account", "First name", "Last name", "Default address", "18 Orchard Lane", "Picture", "Update profile",
        "Email", "alice@example.com", "Change email address", "Phone", "(212) 555-0143", "Set a New Password",
        "Payment methods",
    ]),
    "press hub": ("/globex/courses", ["account menu for Zoe Zimmer", "Your courses", "Wheel Throwing for Beginners"]),
    "sign-in": ("/acme/sign-in", ["Sign in", "Email address", "The one you used", "[", "Continue", "Questions?"]),
}  # fmt: skip


@pytest.mark.parametrize("screen", SCREENS)
def test_words_come_in_order(demo, cookies, needs, tmp_path, screen):
    path, words = SCREENS[screen]
    email = "zoe@example.com" if path.startswith("/globex") else "alice@example.com"
    cookie = "presession=none" if screen == "sign-in" else cookies[email]
    done = subprocess.run(
        [needs("w3m"), "-dump", "-cols", "80", "-header", f"Cookie: {cookie}", demo.base + path],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}, capture_output=True, text=True,
        timeout=30, check=True,
    )  # fmt: skip
    place = 0
    for word in words:
        found = done.stdout.find(word, place)
        assert found >= 0, f"{word!r} does not come after the words before it:\n{done.stdout}"
        place = found + len(word)
