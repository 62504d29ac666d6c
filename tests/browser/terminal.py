"""w3m and lynx in a terminal of their own, driven by the keys a person would press."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pexpect
import pyte

ROWS, COLUMNS = 150, 160
QUIET_SECONDS = 0.05


class Terminal:
    """A screen so tall that a page fits on it, and a program that draws there."""

    def __init__(self, command: str, words: list[str], folder: Path) -> None:
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)
        environ = {
            "HOME": str(folder), "TERM": "vt220", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"],
        }  # fmt: skip
        self.address = words[-1]
        self.child = pexpect.spawn(command, words, dimensions=(ROWS, COLUMNS), env=environ, timeout=20)
        self.child.delaybeforesend = None

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    @property
    def status(self) -> str:
        """The last lines, where both programs talk about what the cursor is on."""
        return "\n".join(self.screen.display[-4:])

    def look(self, quiet: float = QUIET_SECONDS) -> str:
        """The screen, once nothing has changed on it for a moment."""
        while True:
            try:
                self.stream.feed(self.child.read_nonblocking(65536, quiet))
            except (pexpect.TIMEOUT, pexpect.EOF):
                return self.text

    def press(self, keys: str) -> None:
        self.child.send(keys)

    def keys(self, *presses: str) -> None:
        """One after the other, waiting each time for the screen."""
        for press in presses:
            self.press(press)
            self.look()

    def shows(self, *texts: str, seconds: float = 15) -> None:
        """Wait until all of these stand on the screen."""
        end = time.monotonic() + seconds
        while missing := [text for text in texts if text not in self.look()]:
            assert time.monotonic() < end, f"{missing} not on the screen:\n{self.text.rstrip()}"

    def close(self) -> None:
        self.child.close(force=True)


class W3m(Terminal):
    """`/` finds words and puts the cursor on them; ENTER follows a link, presses a button, or opens a field."""

    def __init__(self, address: str, folder: Path) -> None:
        super().__init__("w3m", ["-cookie", "-no-mouse", address], folder)

    def find(self, words: str, nth: int = 1) -> None:
        self.keys("g/" + words + "\r" + "n" * (nth - 1))

    def follow(self, words: str, nth: int = 1, address: str = "") -> None:
        """Press ENTER on the link or button that reads so."""
        self.find(re.escape(words).replace("\\ ", " "), nth)
        self.press("\r")

    def submit(self, words: str, action: str = "") -> None:
        self.follow(words)

    def fill(self, text: str, name: str, nth: int = 1) -> None:
        """Type into the nth field of the page."""
        self.find(r"\[", nth)
        self.keys("\t\r", "\x01\x0b" + text + "\r")

    def open(self, address: str) -> None:
        self.keys("U", "\x01\x0b" + address + "\r")


class Lynx(Terminal):
    """TAB goes from link to link; in advanced mode the last lines tell where each leads."""

    def __init__(self, address: str, folder: Path) -> None:
        settings = folder / "lynx.cfg"
        settings.write_text(
            "INCLUDE:/etc/lynx/lynx.cfg\nDEFAULT_USER_MODE:ADVANCED\nACCEPT_ALL_COOKIES:TRUE\nINFOSECS:0\nMESSAGESECS:0\nALERTSECS:0\n"
        )
        super().__init__("lynx", [f"-cfg={settings}", "-accept_all_cookies", "-nocolor", address], folder)

    def reach(self, target: str) -> None:
        """TAB on until the status line names this address or field."""
        for _ in range(120):
            if re.search(target, " ".join(self.status.split())):
                return
            self.move_on()
        raise AssertionError(f"{target} cannot be reached:\n{self.text.rstrip()}")

    def move_on(self) -> None:
        """TAB, and not another one before lynx has drawn what came of it."""
        before, end = self.place, time.monotonic() + 2
        self.press("\t")
        while self.place == before and time.monotonic() < end:
            self.look(0.02)

    @property
    def place(self) -> tuple[int, int, str]:
        return self.screen.cursor.x, self.screen.cursor.y, self.status

    def follow(self, words: str, nth: int = 1, address: str = "") -> None:
        """Press ENTER on the link to this address."""
        self.reach(f"https?://[^ ]+{address}$")
        self.press("\r")

    def submit(self, words: str, action: str = "") -> None:
        self.reach(f"Submit to [^ ]+{action}$")
        self.press("\r")

    def fill(self, text: str, name: str, nth: int = 1) -> None:
        self.reach(f'"{name}"')
        self.keys("\x15" + text)

    def open(self, address: str) -> None:
        self.keys("g", "\x15" + address + "\r")
