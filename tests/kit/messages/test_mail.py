"""What a mail looks like on the wire, and what an operator may write into `mail_url`."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from samovar.kit.messages import Mail
from samovar.kit.messages.mail import MailAddress, MailServer, as_mime
from samovar.kit.messages.outcomes import Refused, TryAgain
from samovar.kit.messages.outgoing import Claimed
from samovar.kit.settings import Secret, SettingsError
from samovar.testing.messages import Messages
from tests.kit.messages.conftest import platform_with, somebody

ID = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


def claimed(to: str, *, subject: str = "Тема", text: str = "Привет.\n.\nКонец") -> Claimed:
    return Claimed(ID, Mail(to=to, subject=subject, text=text), 1, NOON)


async def test_russian_arrives_whole_and_the_headers_are_those_of_a_robot(messages: Messages) -> None:
    to = somebody()
    await MailServer.of(platform_with(messages.settings)).deliver(claimed(to))
    (received,) = await messages.all(to=to)
    assert (received.subject, received.text.replace("\r\n", "\n")) == ("Тема", "Привет.\n.\nКонец\n")
    assert received.headers["From"] == "Самовар <noreply@samovar.test>"
    assert received.headers["Message-ID"] == f"<{ID}@samovar.test>"
    assert received.headers["Auto-Submitted"] == "auto-generated"
    assert received.headers["Date"] == "Fri, 27 Nov 2026 12:00:00 +0000"


async def test_a_wrong_password_can_be_mended_while_the_mail_waits(messages: Messages) -> None:
    url = messages.settings["mail_url"].replace("simulator", "wrong")
    with pytest.raises(TryAgain, match="SMTP 535"):
        await MailServer.of(platform_with({"mail_url": url})).deliver(claimed(somebody()))


async def test_a_server_without_tls_gets_neither_password_nor_mail(messages: Messages) -> None:
    to = somebody()
    url = messages.settings["mail_url"].replace("tls=none", "tls=starttls")
    with pytest.raises(TryAgain):
        await MailServer.of(platform_with({"mail_url": url})).deliver(claimed(to))
    assert await messages.all(to=to) == []


@pytest.mark.parametrize("to", ["nobody", "a b@example.org", "<a@example.org>, b@example.org", "@"])
def test_what_is_no_address_is_refused_for_good(to: str) -> None:
    with pytest.raises(Refused):
        as_mime(Mail(to=to, subject="x", text="x"), ID, NOON, sender="noreply@example.org")


@pytest.mark.parametrize(
    ("url", "port", "tls", "user"),
    [
        ("smtp://anna%40x:p%2Fw@mail.example.org", 587, "starttls", "anna@x"),
        ("smtps://anna:pw@mail.example.org", 465, "implicit", "anna"),
        ("smtp://mail.example.org:2525?tls=none", 2525, "none", None),
        ("smtp://a:b@127.0.0.1?tls=none", 25, "none", "a"),
    ],
)
def test_an_address_says_all_there_is_to_know(url: str, port: int, tls: str, user: str | None) -> None:
    address = MailAddress.parse(Secret(url))
    assert (address.port, address.tls, address.user) == (port, tls, user)
    assert "pw" not in repr(address)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org:25",
        "http://mail.example.org",
        "smtp://mail.example.org?tls=maybe",
        "smtp://:25",
        "smtp://mail.example.org:port",
        "smtp://user:password@mail.example.org?tls=none",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(SettingsError, match="SAMOVAR_PLATFORM__MAIL_URL") as refusal:
        MailAddress.parse(Secret(url))
    assert url not in str(refusal.value)


def test_a_sender_that_is_no_address_is_refused(messages: Messages) -> None:
    with pytest.raises(SettingsError, match="SAMOVAR_PLATFORM__MAIL_FROM"):
        MailServer.of(platform_with(messages.settings, mail_from="Самовар"))
