"""Which browser a User-Agent names, in words people know; the header itself is shown to nobody."""

from __future__ import annotations

import re

from theming.words import _

# The first that fits counts: everybody claims to be Mozilla, and most claim to be Safari and Chrome besides.
BROWSERS = (
    (r"^w3m/", "w3m"), (r"^lynx/", "Lynx"), (r"^elinks\b", "ELinks"), (r"^links\b", "Links"),
    (r"^dillo/", "Dillo"), (r"netsurf/", "NetSurf"),
    (r"edg(e|a|ios)?/", "Edge"), (r"opr/|opera", "Opera"), (r"vivaldi/", "Vivaldi"),
    (r"samsungbrowser/", "Samsung Internet"),
    (r"duckduckgo/", "DuckDuckGo"), (r"firefox/|fxios/", "Firefox"), (r"chrom(e|ium)/|crios/", "Chrome"),
    (r"safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    (r"iphone", "iPhone"), (r"ipad", "iPad"), (r"android", "Android"), (r"windows", "Windows"), (r"cros ", "ChromeOS"),
    (r"mac os x|macintosh", "Mac"), (r"linux|x11", "Linux"),
)  # fmt: skip


def browser_words(user_agent: str) -> str:
    """`Firefox on Windows`, `Safari on iPhone`, `w3m`; `A browser` for one we cannot read."""
    browser, system = first(BROWSERS, user_agent), first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or (_("A browser on %(system)s", system=system) if system else _("A browser"))


def first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, user_agent, re.IGNORECASE)), "")
