"""The outbox of development: what a person and a program see, and how it misbehaves on request."""

from typing import Any

import aiohttp
import pytest

from samovar.simulators.messages.outbox import KEPT_MAX, Outbox
from samovar.simulators.messages.page import render
from samovar.testing.messages import Messages


async def page(messages: Messages, **query: str) -> str:
    async with aiohttp.ClientSession(messages.url) as session, session.get("/", params=query) as answer:
        return await answer.text()


async def post(messages: Messages, body: Any, *, token: str = "simulator") -> int:
    headers = {"authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(messages.url) as session,
        session.post("/phone", json=body, headers=headers) as answer,
    ):
        return answer.status


def sms(to: str, text: str, **more: str) -> dict[str, str]:
    return {"id": f"{to} {text}", "kind": "sms", "to": to, "text": text, **more}


async def test_the_page_shows_the_newest_first_and_searches_by_address(messages: Messages) -> None:
    for code in ("111111", "222222"):
        assert await post(messages, sms("+79990000001", f"Код {code}")) == 202
    await post(messages, sms("+79990000002", "Код 333333"))
    shown = await page(messages, to="0000001")
    assert shown.index("222222") < shown.index("111111")
    assert "333333" not in shown


async def test_the_page_speaks_russian_and_english_and_fits_a_phone(messages: Messages) -> None:
    assert '<html lang="ru">' in await page(messages)
    assert '<html lang="en">' in await page(messages, lang="en")
    assert "width=device-width" in await page(messages)


def test_what_a_message_says_cannot_become_part_of_the_page() -> None:
    outbox = Outbox()
    outbox.add(
        message_id="1",
        kind="sms",
        to="<b>",
        subject="<script>alert(1)",
        text='"><img src=x> http://x/"onload=',
    )
    shown = render(list(outbox.find()), to='"><script>alert(2)', language="ru", called=())
    assert not any(evil in shown for evil in ("<script>alert", "<img", "<b>", '"onload='))


def test_only_the_latest_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    outbox = Outbox()
    for number in range(KEPT_MAX + 1):
        outbox.add(message_id=str(number), kind="sms", to="+79990000000", text=f"Код {100000 + number}")
    kept = list(outbox.find())
    assert (len(kept), kept[-1].code) == (KEPT_MAX, "100001")
    assert "sms to +79990000000 [100000] Код 100000" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("body", "token", "status"),
    [
        ({"id": "1", "kind": "sms", "to": "+7", "text": "x"}, "wrong", 401),
        ({"id": "1", "kind": "fax", "to": "+7"}, "simulator", 422),
        ({"kind": "sms"}, "simulator", 422),
        ([], "simulator", 422),
    ],
)
async def test_nonsense_is_refused(messages: Messages, body: Any, token: str, status: int) -> None:
    assert await post(messages, body, token=token) == status


@pytest.mark.parametrize(
    ("side", "wanted"),
    [
        ("fax", {"fault": "busy"}),
        ("mail", {"fault": "sing"}),
        ("mail", {"fault": "busy", "times": 0}),
        ("mail", []),
    ],
)
async def test_a_fault_that_there_is_not_is_refused(messages: Messages, side: str, wanted: Any) -> None:
    async with (
        aiohttp.ClientSession(messages.url) as session,
        session.put(f"/faults/{side}", json=wanted) as answer,
    ):
        assert answer.status == 422


async def test_a_fault_ends_after_so_many_times(messages: Messages) -> None:
    await messages.fault("phone", "busy", times=2)
    statuses = [await post(messages, sms("+79990000003", f"Код 44444{n}")) for n in range(3)]
    assert statuses == [503, 503, 202]


async def test_nobody_calls_who_was_not_asked_to(messages: Messages) -> None:
    with pytest.raises(aiohttp.ClientResponseError, match="404"):
        await messages.call("nobody")
