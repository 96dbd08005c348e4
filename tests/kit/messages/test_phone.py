"""The protocol of the phone gateway."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from aiohttp import web

from samovar.kit.errors import Unavailable
from samovar.kit.messages import Call, Message, Sms
from samovar.kit.messages.outcomes import Refused, TryAgain
from samovar.kit.messages.outgoing import Claimed
from samovar.kit.messages.phone import PhoneGateway
from samovar.kit.settings import Secret, SettingsError
from samovar.testing.messages import Messages
from tests.kit.messages.conftest import some_phone


def claimed(message: Message) -> Claimed:
    return Claimed(uuid4(), message, 1, datetime(2026, 11, 27, tzinfo=UTC))


def gateway(messages: Messages) -> PhoneGateway:
    return PhoneGateway(Secret(messages.settings["phone_gateway_url"]))


class Odd:
    """A gateway that answers as the test says."""

    def __init__(self) -> None:
        self.answer = web.Response()
        self.paths: list[str] = []

    async def handle(self, request: web.Request) -> web.Response:
        self.paths.append(request.path)
        return self.answer


@pytest.fixture
async def odd() -> AsyncIterator[tuple[Odd, PhoneGateway]]:
    it, app = Odd(), web.Application()
    app.router.add_route("*", "/{path:.*}", it.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    yield it, PhoneGateway(Secret(f"http://token@127.0.0.1:{port}/phone"))
    await runner.cleanup()


async def test_a_text_message_and_each_kind_of_call_arrive(messages: Messages) -> None:
    to = some_phone()
    await gateway(messages).deliver(claimed(Sms(to=to, text="Код 123456")))
    await gateway(messages).deliver(claimed(Call(to=to, code="1234")))
    await gateway(messages).deliver(claimed(Call(to=to, code="4321", method="voice_call")))
    assert [(one.kind, one.code) for one in reversed(await messages.all(to=to))] == [
        ("sms", "123456"),
        ("flash_call", "1234"),
        ("voice_call", "4321"),
    ]


async def test_a_reverse_call_is_known_once_the_person_has_called(messages: Messages) -> None:
    asked = claimed(Call(to=some_phone(), code="", method="reverse_call"))
    phone = gateway(messages)
    assert not await phone.has_called(asked.id)
    await phone.deliver(asked)
    assert not await phone.has_called(asked.id)
    await messages.call(str(asked.id))
    assert await phone.has_called(asked.id)


async def test_a_repeated_id_sends_nothing_more(messages: Messages) -> None:
    sms = claimed(Sms(to=some_phone(), text="Код 123456"))
    await gateway(messages).deliver(sms)
    await gateway(messages).deliver(sms)
    assert len(await messages.all(to=sms.message.to)) == 1


@pytest.mark.parametrize(("status", "after_s"), [(408, None), (429, 7), (500, None), (503, 7), (504, None)])
async def test_what_may_pass_is_tried_again(
    odd: tuple[Odd, PhoneGateway], status: int, after_s: float | None
) -> None:
    it, phone = odd
    it.answer = web.Response(status=status, headers={"retry-after": str(after_s)} if after_s else {})
    with pytest.raises(TryAgain, match=f"HTTP {status}") as error:
        await phone.deliver(claimed(Sms(to=some_phone(), text="x")))
    assert error.value.after_s == after_s


@pytest.mark.parametrize("status", [302, 400, 401, 404, 422])
async def test_what_will_not_pass_is_refused_for_good(odd: tuple[Odd, PhoneGateway], status: int) -> None:
    it, phone = odd
    it.answer = web.Response(status=status, headers={"location": "/elsewhere"})
    with pytest.raises(Refused, match=f"HTTP {status}"):
        await phone.deliver(claimed(Sms(to=some_phone(), text="x")))
    assert it.paths == ["/phone"]


async def test_a_gateway_that_is_away_is_asked_again() -> None:
    phone = PhoneGateway(Secret("http://token@127.0.0.1:1/phone"))
    with pytest.raises(TryAgain):
        await phone.deliver(claimed(Sms(to=some_phone(), text="x")))
    with pytest.raises(Unavailable):
        await phone.has_called(uuid4())


@pytest.mark.parametrize("body", ["", "[]", '{"called": "yes"}', "x" * 10_000])
async def test_nonsense_of_a_gateway_is_no_call(odd: tuple[Odd, PhoneGateway], body: str) -> None:
    it, phone = odd
    it.answer = web.Response(text=body)
    with pytest.raises(Unavailable):
        await phone.has_called(uuid4())


@pytest.mark.parametrize("url", ["gateway.example.org", "https://gateway.example.org/v1", "ftp://token@host"])
def test_an_address_without_token_or_scheme_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(SettingsError, match="SAMOVAR_PLATFORM__PHONE_GATEWAY_URL") as refusal:
        PhoneGateway(Secret(url))
    assert url not in str(refusal.value)
