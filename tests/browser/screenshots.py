"""Makes docs/screenshots anew: `python tests/browser/screenshots.py`. Not a test."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "server")]

from PIL import Image, ImageDraw, ImageFont  # noqa: E402
from playwright.async_api import Browser, Page, async_playwright  # noqa: E402
from processes import ROOT, Server, Templates  # noqa: E402

OUT = ROOT / "docs" / "screenshots"
FLAGS = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --force-color-profile=srgb".split()
WIDE, PHONE = (1200, 760), (390, 800)
LARGEST = 150_000
MONOSPACE = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
CAST = {"acme": "alice@example.com", "globex": "zoe@example.com", "console": "olga@example.com"}
OWN_COURSE = "Honey and Wax"
FIGURES = {
    "sign_ins": (5, 12),
    "customers": (0, 4),
    "learners": (2, 8),
    "completions": (4, 17),
    "mail_failures": (0, 0),
}
"""The least and the most of a day, for a month that looks as if people came by."""


async def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        server = Server(folder, await Templates(Path(name), None).copy("demo", folder), TRUSTED_PROXIES="127.0.0.1")
        await server.start()
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                await shoot(Camera(browser, server))
                await browser.close()
        finally:
            await server.stop()


async def shoot(camera: Camera) -> None:
    await camera.sign_in()
    await camera.take("sign-in", "/acme/sign-in", email="")
    await camera.take_check_email()
    await camera.take("hub", "/acme/courses")
    await camera.take("hub-dark", "/acme/courses", dark=True)
    await camera.take("lesson", camera.lesson)
    await camera.take("orders", "/acme/account/orders")
    await camera.take("order", "/acme/account/orders/1002", size=(1200, 1180))
    await camera.take("manage-account", "/acme/account/profile", size=(1200, 1000))
    await camera.take_subscription()
    await camera.take("payment-methods", "/acme/account/payment-methods", size=(1200, 640))
    await camera.take("invoice", "/acme/account/orders/1002/invoices/INV-2", size=(1200, 1180))
    await camera.take("addresses", "/acme/account/addresses", size=(1200, 640))
    await camera.take("arabic", "/acme/account/orders/1002", size=(1200, 900), language="ar")
    await camera.take_phone()
    await camera.take_two_vendors()
    await camera.take_console()
    await camera.take_press()
    draw_text(camera.dump("/acme/account/orders"), "w3m")


class Camera:
    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser, self.server = browser, server
        self.cookies: dict[str, str] = {}
        self.lesson = ""

    async def sign_in(self) -> None:
        for vendor, email in CAST.items():
            async with self.server.visitor() as visitor:
                await visitor.sign_in_by_command(email, vendor)
                name = cookie_of(vendor)
                self.cookies[name] = visitor.cookies[name]
        page = await self.page()
        await page.goto("/acme/courses")
        self.lesson = await page.locator(".carry .btn").get_attribute("href") or ""

    async def page(self, size: tuple[int, int] = WIDE, *, dark: bool = False, signed_in: bool = True,
                   language: str = "en-US") -> Page:  # fmt: skip
        context = await self.browser.new_context(
            base_url=self.server.base, viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce",
            color_scheme="dark" if dark else "light", locale=language,
        )  # fmt: skip
        await context.route(lambda url: "127.0.0.1" not in url, lambda route: route.fulfill(body=""))
        for name, value in self.cookies.items() if signed_in else ():
            await context.add_cookies([{"name": name, "value": value, "url": self.server.base}])
        return await context.new_page()

    async def take(self, name: str, path: str, *, size: tuple[int, int] = WIDE, dark: bool = False,
                   email: str | None = None, language: str = "en-US") -> None:  # fmt: skip
        page = await self.page(size, dark=dark, signed_in=email is None, language=language)
        await page.goto(path)
        keep(await page.screenshot(), name)

    async def take_check_email(self) -> None:
        page = await self.page(signed_in=False)
        await page.goto("/acme/sign-in")
        await page.get_by_label("Email address").fill("alice@example.com")
        await page.get_by_role("button", name="Continue").click()
        await page.get_by_role("heading", name="Check your email").wait_for()
        await page.mouse.click(5, 5)
        keep(await page.screenshot(), "check-email")

    async def take_subscription(self) -> None:
        """A dearer plan with what it costs, and a running subscription in German."""
        page = await self.page((1200, 860))
        await page.goto("/acme/account/subscriptions")
        mine = await page.get_by_role("link", name="The Hive Letter, monthly").get_attribute("href") or ""
        await page.goto(mine)
        await page.get_by_role("link", name="Change plan").click()
        await page.get_by_role("link", name="The Hive Letter with seeds").click()
        await page.get_by_role("heading", level=1).wait_for()
        keep(await page.screenshot(), "plan")
        await self.take("subscription-german", mine, size=(1200, 1040), language="de")
        await self.take("cancel", f"{mine}/cancellation", size=(1200, 1040))
        await page.goto(f"{mine}/cancellation")
        await page.get_by_role("button", name="Cancel subscription").click()
        await page.get_by_role("heading", level=1).wait_for()

    async def take_phone(self) -> None:
        """Three screens of a phone side by side."""
        shots = []
        for path in ("/acme/courses", "/acme/account/orders", self.lesson):
            page = await self.page(PHONE)
            await page.goto(path)
            shots.append(await page.screenshot())
        keep(beside(shots), "phone")

    async def take_two_vendors(self) -> None:
        shots = []
        for path in ("/acme/courses", "/globex/courses"):
            page = await self.page((800, 720))
            await page.goto(path)
            shots.append(await page.screenshot())
        keep(beside(shots), "two-vendors")

    async def take_press(self) -> None:
        self.server.command("vendor", "set", "globex", "--theme", "press")
        await asyncio.sleep(6)  # a running server reads its vendors again every five seconds
        await self.take("press-theme", "/globex/courses", size=(1200, 900))

    def dump(self, path: str) -> str:
        with tempfile.TemporaryDirectory() as home:
            words = ["w3m", "-dump", "-cols", "92", "-header", f"Cookie: center-acme={self.cookies['center-acme']}"]
            environ = {"HOME": home, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
            return subprocess.run([*words, self.server.base + path], env=environ, capture_output=True, text=True).stdout

    async def take_console(self) -> None:
        """The vendor's side, by what one would click; `keep` gives the pictures their names."""
        await self.live_through_a_month()
        page = await self.page()
        await page.goto("/console/acme")
        await self.snap(page, "console-overview", height=900)
        await page.goto("/console/acme/courses")
        await page.get_by_role("link", name=OWN_COURSE).click()
        await self.snap(page, "console-course", height=900)
        await page.get_by_role("link", name="When honey is ripe").click()
        await self.snap(page, "console-lesson", height=1180)
        await page.goto("/console/acme/theme")
        await self.snap(page, "console-theme", height=1180)
        await self.take_template(page)
        await page.goto("/console/acme/customers")
        await page.get_by_role("link", name="Alice Ames").click()
        await self.snap(page, "console-customer")
        await page.goto("/console/acme/orders/1002/refund")
        await self.snap(page, "console-refund", height=900)
        await page.goto("/console/acme/requests")
        await self.snap(page, "console-requests")
        await page.goto("/console/acme/webhooks")
        await self.snap(page, "console-webhooks")
        await self.take_console_phone()

    async def take_template(self, page: Page) -> None:
        await page.goto("/console/acme/partials/hub_intro")
        await page.get_by_label("Template", exact=True).fill(
            "<p>Welcome back{% if person %}, {{ person.first_name }}{% endif %}.\n   The bees have been busy.</p>"
        )
        await page.get_by_role("button", name="Preview").click()
        await page.get_by_text("The bees have been busy.").first.wait_for()
        await self.snap(page, "console-template", height=1000)

    async def take_console_phone(self) -> None:
        """Three screens of a phone side by side, the last one in the dark."""
        shots = []
        for path, dark in (("", False), ("/orders", False), ("/theme", True)):
            page = await self.page(PHONE, dark=dark)
            await page.goto(f"/console/acme{path}")
            shots.append(await page.screenshot())
        keep(beside(shots), "console-phone")

    async def snap(self, page: Page, name: str, height: int = WIDE[1]) -> None:
        await page.set_viewport_size({"width": WIDE[0], "height": height})
        keep(await page.screenshot(), name)

    async def live_through_a_month(self) -> None:
        """Days with something in them, as the worker would have counted them."""
        days = [date.today() - timedelta(days=ago) for ago in range(2, 31)]
        for kind, (least, most) in FIGURES.items():
            for place, day in enumerate(days):
                count = least + (place * 7 + len(kind) * 5) % (most - least + 1) * (day.weekday() < 6)
                await self.server.data.rows(
                    f"INSERT INTO daily_figures (vendor_id, day, kind, count) SELECT id, '{day}', '{kind}', {count} "
                    f"FROM vendors WHERE slug = 'acme' ON CONFLICT (vendor_id, day, kind) DO UPDATE SET count = {count}"
                )


def cookie_of(vendor: str) -> str:
    return vendor if vendor == "console" else f"center-{vendor}"


def beside(shots: list[bytes], gap: int = 24) -> bytes:
    pictures = [Image.open(io.BytesIO(shot)) for shot in shots]
    width = sum(picture.width for picture in pictures) + gap * (len(pictures) + 1)
    sheet = Image.new("RGB", (width, pictures[0].height + 2 * gap), "#8d9299")
    left = gap
    for picture in pictures:
        sheet.paste(picture, (left, gap))
        left += picture.width + gap
    return encoded(sheet)


def draw_text(text: str, name: str) -> None:
    """Light on dark, as in a terminal."""
    lines = text.rstrip().splitlines()[:44]
    font = ImageFont.truetype(MONOSPACE, 15)
    sheet = Image.new("RGB", (900, 20 * len(lines) + 40), "#16181c")
    pen = ImageDraw.Draw(sheet)
    for row, line in enumerate(lines):
        pen.text((24, 20 + 20 * row), line, font=font, fill="#dfe3e6")
    keep(encoded(sheet), name)


def encoded(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def keep(shot: bytes, name: str) -> None:
    """As a PNG of few colours; of fewer still, or smaller, until it is light enough to be shown in a README."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    for colors in (256, 128, 64, 32):
        few = picture.quantize(colors, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(OUT / f"{name}.png", optimize=True)
        if (OUT / f"{name}.png").stat().st_size < LARGEST:
            break
    else:
        raise SystemExit(f"{name}.png stays larger than {LARGEST} bytes")
    print(f"{name + '.png':<18} {(OUT / f'{name}.png').stat().st_size // 1000:>4} kB")  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main())
