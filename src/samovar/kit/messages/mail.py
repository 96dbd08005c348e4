"""The mail server: SMTP as RFC 5321 and 6409 say, one connection a message.

`mail_url` is `smtp://user:password@host:port?tls=starttls`. `starttls`, the default, refuses a server that does not offer it;
`tls=implicit`, the default of `smtps://`, speaks TLS from the first byte (RFC 8314); `tls=none` is for a relay on this machine.
"""

from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

import aiosmtplib
import msgspec

from samovar.kit.messages.outcomes import Refused, TryAgain
from samovar.kit.messages.outgoing import Claimed, Mail
from samovar.kit.settings import PlatformSettings, Secret, SettingsError, variable_of

TIMEOUT_S = 20.0
SENDER_NAME = "Самовар"
# For installations that send to the simulator alone; the domain can never be anybody's (RFC 2606).
SENDER_OF_DEVELOPMENT = "noreply@samovar.test"
PERMANENT_FROM = 500
# What the library raises for text that is no address.
NO_ADDRESS = (ValueError, IndexError, MessageError)
_PORTS = {"starttls": 587, "implicit": 465, "none": 25}
_LOCAL = {"localhost", "127.0.0.1", "::1"}

Tls = Literal["starttls", "implicit", "none"]


class MailAddress(msgspec.Struct, frozen=True):
    """`mail_url`, taken apart."""

    host: str
    port: int
    tls: Tls
    user: str | None
    password: Secret | None

    @classmethod
    def parse(cls, url: Secret) -> Self:
        """Take an address apart.

        Raises:
            SettingsError: It cannot be used.
        """
        variable = variable_of("platform", "mail_url")
        try:
            parts = urlsplit(url.reveal())
            port = parts.port
        except ValueError:
            raise SettingsError(f"{variable} is no address") from None
        usual: Tls = "implicit" if parts.scheme == "smtps" else "starttls"
        tls = parse_qs(parts.query).get("tls", [usual])[0]
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or tls not in _PORTS:
            raise SettingsError(
                f"{variable} must be smtp://user:password@host:port?tls=starttls|implicit|none"
            )
        if tls == "none" and parts.password and parts.hostname not in _LOCAL:
            raise SettingsError(f"{variable} would send its password to another machine in the clear")
        return cls(
            host=parts.hostname,
            port=port or _PORTS[tls],
            tls=msgspec.convert(tls, Tls),
            user=unquote(parts.username) if parts.username else None,
            password=Secret(unquote(parts.password)) if parts.password else None,
        )


class MailServer:
    """Hands mails to one SMTP server.

    Args:
        address: Where it is.
        sender: The address in `From`, also of the envelope.
    """

    def __init__(self, address: MailAddress, sender: str) -> None:
        self._address = address
        self._sender = sender

    @classmethod
    def of(cls, platform: PlatformSettings) -> Self:
        """Return the server that the settings name.

        Raises:
            SettingsError: An address cannot be used.
        """
        if platform.mail_url is None:
            raise SettingsError(f"{variable_of('platform', 'mail_url')} is not set")
        sender = platform.mail_from or SENDER_OF_DEVELOPMENT
        try:
            Address(addr_spec=sender)
        except NO_ADDRESS:
            raise SettingsError(f"{variable_of('platform', 'mail_from')} is no mail address") from None
        return cls(MailAddress.parse(platform.mail_url), sender)

    async def deliver(self, claimed: Claimed) -> None:
        """Hand a mail over.

        Raises:
            Refused: The server will never take it.
            TryAgain: The server is away, busy, or does not let us in.
        """
        if not isinstance(claimed.message, Mail):
            raise Refused("not a mail")
        mail = as_mime(claimed.message, claimed.id, claimed.created_at, sender=self._sender)
        where = self._address
        client = aiosmtplib.SMTP(
            hostname=where.host,
            port=where.port,
            use_tls=where.tls == "implicit",
            start_tls=where.tls == "starttls",
            username=where.user,
            password=where.password.reveal() if where.password else None,
            timeout=TIMEOUT_S,
        )
        try:
            async with client:
                await client.send_message(mail, sender=self._sender, recipients=[claimed.message.to])
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _outcome(error.recipients[0].code) from error
        except aiosmtplib.SMTPDataError as error:
            raise _outcome(error.code) from error
        except aiosmtplib.SMTPResponseException as error:
            # It does not know us, or not the sender: the operator can mend that while the mail waits.
            raise TryAgain(f"SMTP {error.code}: {type(error).__name__}") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise TryAgain(type(error).__name__) from error


def as_mime(mail: Mail, message_id: UUID, created_at: datetime, *, sender: str) -> EmailMessage:
    """Return the mail as it goes over the wire.

    Raises:
        Refused: The address cannot be written into a header.
    """
    mime = EmailMessage()
    try:
        mime["From"] = Address(SENDER_NAME, addr_spec=sender)
        mime["To"] = Address(addr_spec=mail.to)
    except NO_ADDRESS as error:
        raise Refused("no mail address") from error
    mime["Subject"] = mail.subject
    mime["Date"] = created_at
    mime["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2]}>"
    # RFC 3834: no robot need answer.
    mime["Auto-Submitted"] = "auto-generated"
    mime.set_content(mail.text, charset="utf-8", cte="quoted-printable")
    return mime


def _outcome(code: int) -> Exception:
    reason = f"SMTP {code}"
    return Refused(reason) if code >= PERMANENT_FROM else TryAgain(reason)
