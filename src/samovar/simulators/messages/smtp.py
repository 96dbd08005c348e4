"""The SMTP side: takes every mail, whoever signs in with the password of the simulator."""

import asyncio
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from samovar.simulators.messages.faults import Faults
from samovar.simulators.messages.outbox import Outbox

PASSWORD = b"simulator"
MAIL_BYTES_MAX = 1_048_576


class Mailbox:
    """The handler of aiosmtpd."""

    def __init__(self, outbox: Outbox, faults: Faults) -> None:
        self._outbox = outbox
        self._faults = faults

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  the name in aiosmtpd
        """Take a mail, unless it was asked to do otherwise."""
        fault = self._faults.take("mail")
        kind = fault.kind if fault else None
        if kind == "refuse":
            return "550 5.7.1 refused, as was asked"
        if kind == "busy":
            return "451 4.3.0 busy, as was asked"
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        mail = message_from_bytes(content, policy=default)
        text = mail.get_body(("plain",)) if isinstance(mail, EmailMessage) else None
        for to in envelope.rcpt_tos:
            self._outbox.add(
                message_id=str(mail.get("Message-ID", "")),
                kind="mail",
                to=to,
                subject=str(mail.get("Subject", "")),
                text=text.get_content() if text else "",
                headers={name: str(value) for name, value in mail.items()},
            )
        if fault and kind == "slow":
            await asyncio.sleep(fault.delay_s)
        if kind == "lost_answer" and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return "250 2.0.0 taken"


def _signed_in(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
) -> AuthResult:
    known = isinstance(data, LoginPassword) and data.password == PASSWORD
    return AuthResult(success=known, handled=False)


def protocol(outbox: Outbox, faults: Faults) -> Callable[[], asyncio.Protocol]:
    """Return what serves one connection."""
    return lambda: SMTP(
        Mailbox(outbox, faults),
        hostname="messages.simulator",
        ident="Samovar simulator",
        data_size_limit=MAIL_BYTES_MAX,
        enable_SMTPUTF8=True,
        authenticator=_signed_in,
        auth_required=True,
        auth_require_tls=False,
    )
