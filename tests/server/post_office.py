"""A mail server on the loopback that keeps what it gets, and can be told to be rude, slow or gone."""

from __future__ import annotations

import asyncio
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from processes import free_port


class PostOffice:
    """`answer` is what every message gets: None takes it, a text such as `451 later` refuses it."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.answer: str | None = None
        self.delay = 0.0
        self.hangs = False
        self.asked = 0
        self.messages: list[EmailMessage] = []
        self.controller: Controller | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.asked += 1
        while self.hangs:
            await asyncio.sleep(0.05)
        await asyncio.sleep(self.delay)
        if self.answer:
            return self.answer
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"

    def open(self) -> PostOffice:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()
        return self

    def close(self) -> None:
        self.hangs = False
        if self.controller:
            self.controller.stop()
            self.controller = None

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages if message["To"] == address]


def text_of(message: EmailMessage) -> str:
    return message.get_body(("plain",)).get_content()


def html_of(message: EmailMessage) -> str:
    return message.get_body(("html",)).get_content()


def links_of(message: EmailMessage) -> list[str]:
    return re.findall(r"https?://\S+", text_of(message))


def code_of(message: EmailMessage) -> str:
    return re.search(r"code: (\d{3} \d{3})", text_of(message))[1]
