"""The messages that came, the latest few hundred of them."""

import re
import sys
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

KEPT_MAX = 500
CODE = re.compile(r"(?<![\w-])\d{6,8}(?![\w-])")
LINK = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True)
class Message:
    """One message as it came.

    Attributes:
        id: The `Message-ID` of a mail, the id that the platform gave to a message for a phone.
        kind: `mail`, `sms`, `flash_call`, `voice_call` or `reverse_call`.
        code: What a person would type: the code of a call, or the first number of 6 to 8 digits in the text.
        link: The first link in the text.
        headers: Of a mail.
    """

    number: int
    id: str
    kind: str
    to: str
    subject: str
    text: str
    code: str | None
    link: str | None
    received_at: datetime
    headers: dict[str, str] = field(default_factory=dict)


class Outbox:
    """What came, oldest first."""

    def __init__(self) -> None:
        self._messages: OrderedDict[int, Message] = OrderedDict()
        self._numbers = count(1)
        self._called: set[str] = set()

    def add(
        self,
        *,
        message_id: str,
        kind: str,
        to: str,
        subject: str = "",
        text: str = "",
        code: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Message:
        """Keep a message, and write it to the log."""
        digits, link = CODE.search(text), LINK.search(text)
        message = Message(
            number=next(self._numbers),
            id=message_id,
            kind=kind,
            to=to,
            subject=subject,
            text=text,
            code=code or (digits[0] if digits else None),
            link=link[0].rstrip(".,;:!?»)") if link else None,
            received_at=datetime.now(UTC),
            headers=headers or {},
        )
        self._messages[message.number] = message
        while len(self._messages) > KEPT_MAX:
            self._messages.popitem(last=False)
        say(_line(message))
        return message

    def knows(self, message_id: str) -> bool:
        """Tell whether a message of this id has come."""
        return any(message.id == message_id for message in self._messages.values())

    def find(self, to: str = "") -> Iterator[Message]:
        """Yield the messages whose address contains `to`, newest first."""
        wanted = to.strip().casefold()
        return (message for message in reversed(self._messages.values()) if wanted in message.to.casefold())

    def call(self, message_id: str) -> bool:
        """Note that the phone of a `reverse_call` has called us; false when none was asked to."""
        asked = any(
            message.id == message_id and message.kind == "reverse_call" for message in self._messages.values()
        )
        if asked:
            self._called.add(message_id)
        return asked

    def has_called(self, message_id: str) -> bool:
        """Tell whether the phone of a `reverse_call` has called."""
        return message_id in self._called

    def clear(self) -> None:
        """Forget everything."""
        self._messages.clear()
        self._called.clear()


def say(line: str) -> None:
    """Write a line to the log, which is the console."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _line(message: Message) -> str:
    what = " ".join(f"{message.subject} {message.text}".split())
    code = f" [{message.code}]" if message.code else ""
    return f"{message.kind} to {message.to}{code} {what}".rstrip()
