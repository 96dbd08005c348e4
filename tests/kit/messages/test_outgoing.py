"""The promise to send is part of the change that needs it."""

import pytest

from samovar.kit.messages import Call, Mail, Sms
from samovar.kit.messages.outgoing import MAIL_LENGTH_MAX, SMS_LENGTH_MAX
from tests.kit.messages.conftest import Post, some_phone, somebody


async def test_a_rolled_back_transaction_sends_nothing(post: Post) -> None:
    to = somebody()

    async def fail() -> None:
        async with post.database.transaction() as tx:
            now = await tx.fetch_value("SELECT now() + interval '1 hour'")
            await post.outgoing.send(tx, Mail(to=to, subject="Нет", text="нет"), expires_at=now)
            raise KeyError

    async with post.sending():
        with pytest.raises(KeyError):
            await fail()
        await post.promise(Mail(to=to, subject="Да", text="да"))
        await post.messages.last(to=to)
    assert [one.subject for one in await post.messages.all(to=to)] == ["Да"]


async def test_a_promise_wakes_its_own_channel_alone(post: Post) -> None:
    await post.promise(Sms(to=some_phone(), text="Код 123456"))
    assert post.outgoing.written["phone"].is_set()
    assert not post.outgoing.written["mail"].is_set()


@pytest.mark.parametrize(
    "arguments",
    [
        {"to": "a@example.org\nBcc: b@example.org", "subject": "x", "text": ""},
        {"to": "a@example.org", "subject": "x\r\nBcc: b@example.org", "text": ""},
        {"to": "", "subject": "x", "text": ""},
        {"to": "a@example.org", "subject": "x" * 201, "text": ""},
        {"to": "a@example.org", "subject": "x", "text": "x" * (MAIL_LENGTH_MAX + 1)},
    ],
)
def test_a_mail_cannot_carry_a_header_of_its_own_or_be_endless(arguments: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="a mail"):
        Mail(**arguments)


@pytest.mark.parametrize("text", ["", "x" * (SMS_LENGTH_MAX + 1)])
def test_a_text_message_has_the_length_of_one(text: str) -> None:
    with pytest.raises(ValueError, match="characters"):
        Sms(to="+79001234567", text=text)


def test_what_a_message_says_is_not_seen_in_its_repr() -> None:
    mail = Mail(to="anya@example.org", subject="x", text="314159")
    shown = [mail, Sms(to="+79001234567", text="314159"), Call(to="+79001234567", code="314159")]
    assert not any(secret in repr(shown) for secret in ("anya", "7900", "314159"))
