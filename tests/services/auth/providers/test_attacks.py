"""Drills: what is known to be tried against outside sign-in is refused with a code of its own, and leaves a trace."""

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

import pytest

from samovar.simulators.identity.clients import CLIENT_IDS
from samovar.simulators.identity.program import Simulators
from samovar.simulators.identity.signing import MiniAppSigner
from tests.services.auth.conftest import Auth
from tests.services.auth.providers.browsing import RETURN_TO, Browser, browsing, refusals
from tests.services.auth.providers.travelling import ask_json, known, new_person, query_of


async def test_forged_init_data_is_refused_and_recorded(
    provided: Auth, browser: Browser, simulators: Simulators
) -> None:
    before = len(await refusals(provided, "auth.provider_answer_invalid", provider="telegram"))
    signed = await ask_json(f"{simulators.address}/telegram/signed", person="anna")
    fields = dict(parse_qsl(signed["init_data"]))
    somebody = fields["user"].replace(str(known("anna").number), str(known("boris").number))
    strangers = MiniAppSigner("1:the-token-of-another-bot").sign_mini_app(
        {"user": somebody, "auth_date": fields["auth_date"]}, bot_id=CLIENT_IDS["telegram"]
    )
    for forged in ({**fields, "user": somebody}, {**fields, "hash": "0" * 64}, strangers):
        answer = await browser.post("/v1/auth/providers/telegram", {"init_data": urlencode(forged)})
        assert (answer.status, answer.code) == (400, "auth.provider_answer_invalid")
    after = await refusals(provided, "auth.provider_answer_invalid", provider="telegram")
    assert len(after) == before + 3
    assert "user" not in str(after[-1].details)


async def test_init_data_is_refused_when_it_is_old_or_comes_twice(
    provided: Auth, browser: Browser, simulators: Simulators
) -> None:
    signed = await ask_json(f"{simulators.address}/telegram/signed", person=new_person())
    answers = await asyncio.gather(
        *(browser.post("/v1/auth/providers/telegram", {"init_data": signed["init_data"]}) for _ in range(5))
    )
    assert sorted(answer.status for answer in answers) == [200, 403, 403, 403, 403]
    assert {answer.code for answer in answers if answer.status == 403} == {"auth.signed_data_stale"}
    fields = {name: value for name, value in parse_qsl(signed["init_data"]) if name != "hash"}
    fields["auth_date"] = str(int((datetime.now(UTC) - timedelta(minutes=6)).timestamp()))
    old = urlencode(simulators.telegram.sign_mini_app(fields))
    answer = await browser.post("/v1/auth/providers/telegram", {"init_data": old})
    assert answer.code == "auth.signed_data_stale"
    assert len(await refusals(provided, "auth.signed_data_stale", provider="telegram")) >= 5


async def test_a_swapped_state_is_refused_and_recorded(provided: Auth, browser: Browser) -> None:
    """A thief's callback in the victim's browser would sign the victim in as the thief (login CSRF)."""
    before = len(await refusals(provided, "auth.attempt_invalid", provider="vk"))
    async with browsing(provided) as thief:
        theirs = await thief.callback(await thief.set_out("vk"), new_person())
        mine = query_of(await browser.callback(await browser.set_out("vk"), new_person()))
        swapped = {**query_of(theirs), "state": mine["state"]}
        # The thief's own answer, opened by the victim; then the thief's code under the victim's state.
        for answer in (await browser.open(theirs), await thief.open(theirs)):
            assert (answer.status, answer.code) == (403, "auth.attempt_invalid")
        answer = await browser.open(f"/v1/auth/providers/vk/callback?{urlencode(swapped)}")
        assert (answer.status, answer.code) == (400, "auth.provider_answer_invalid")
    assert len(await refusals(provided, "auth.attempt_invalid", provider="vk")) == before + 2


async def test_a_replayed_or_made_up_state_is_refused(provided: Auth, browser: Browser) -> None:
    callback = await browser.callback(await browser.set_out("tid"), new_person())
    assert (await browser.open(callback)).status == 200
    again = await browser.open(callback)
    assert (again.status, again.code) == (403, "auth.attempt_invalid")
    for state in ("", "x" * 43, "ы" * 43, "x" * 2_000):
        answer = await browser.open(
            f"/v1/auth/providers/tid/callback?{urlencode({'state': state, 'code': 'c'})}"
        )
        assert (answer.status, answer.code) == (403, "auth.attempt_invalid")
    assert await refusals(provided, "auth.attempt_invalid", provider="tid")


async def test_a_state_counts_once_however_many_come_with_it(browser: Browser) -> None:
    callback = await browser.callback(await browser.set_out("yandex"), new_person())
    answers = await asyncio.gather(*(browser.open(callback) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [200, 403, 403, 403, 403]


async def test_a_state_of_long_ago_is_refused(provided: Auth, browser: Browser) -> None:
    callback = await browser.callback(await browser.set_out("vk"), new_person())
    async with provided.database.transaction() as tx:
        await tx.execute("UPDATE provider_attempts SET expires_at = now() WHERE used_at IS NULL")
    answer = await browser.open(callback)
    assert (answer.status, answer.code) == (403, "auth.attempt_invalid")


async def test_a_mixed_up_provider_is_refused_and_recorded(provided: Auth, browser: Browser) -> None:
    """RFC 9700, section 4.4: the code of an honest provider is carried to another one's door."""
    theirs = urlsplit(await browser.callback(await browser.set_out("vk"), new_person()))
    answer = await browser.open(f"/v1/auth/providers/tid/callback?{theirs.query}")
    assert (answer.status, answer.code) == (403, "auth.provider_mixed_up")
    assert await refusals(provided, "auth.provider_mixed_up", provider="tid")
    # The journey is over at its own door, too.
    assert (await browser.open(f"{theirs.path}?{theirs.query}")).code == "auth.attempt_invalid"


@pytest.mark.parametrize("name", ["vk", "yandex", "tid", "sber", "telegram"])
async def test_an_answer_that_names_another_issuer_is_refused(
    name: str, provided: Auth, browser: Browser, simulators: Simulators
) -> None:
    """RFC 9207, section 2.4."""
    url = await browser.set_out(name)
    if name != "telegram":
        simulators.plant(name, "mix_up")  # type: ignore[arg-type]
        callback = await browser.callback(url, new_person())
    else:
        callback = (await browser.callback(url, new_person())).replace("iss=http", "iss=https")
    answer = await browser.open(callback)
    assert (answer.status, answer.code) == (403, "auth.provider_mixed_up")
    assert await refusals(provided, "auth.provider_mixed_up", provider=name)


async def test_the_right_issuer_is_taken(browser: Browser) -> None:
    callback = await browser.callback(await browser.set_out("telegram"), new_person())
    assert "iss=" in callback
    assert (await browser.open(callback)).status == 200


async def test_a_callback_without_its_cookie_signs_nobody_in(provided: Auth, browser: Browser) -> None:
    callback = await browser.callback(await browser.set_out("vk"), new_person())
    async with browsing(provided) as stranger:
        await stranger.set_out("vk")
        answer = await stranger.open(callback)
    assert (answer.status, answer.code) == (403, "auth.attempt_invalid")
    # It is over also for whoever began it: the state has been seen by somebody else.
    assert (await browser.open(callback)).code == "auth.attempt_invalid"


async def test_a_person_at_one_provider_is_nobody_at_another(browser: Browser) -> None:
    """The same number is another person elsewhere: VK and Telegram number people on their own."""
    person = new_person()
    at_vk = await browser.register("vk", person)
    at_telegram = await browser.register("telegram", person)
    assert at_vk.body["account_id"] != at_telegram.body["account_id"]


async def test_one_time_tokens_of_the_wrong_kind_or_making_are_refused(browser: Browser) -> None:
    asked = (await browser.sign_in("vk", new_person())).body["registration_token"]
    for code in (asked, "smvj_" + "A" * 43, "smvj_", "", "ы", uuid4().hex, asked + "=", asked[:-1] + "."):
        answer = await browser.exchange(code)
        assert (answer.status, answer.code) == (403, "auth.provider_code_invalid")


async def test_a_code_of_longer_than_a_minute_ago_is_refused(provided: Auth, browser: Browser) -> None:
    code = await browser.code_for("vk", new_person(), return_to=RETURN_TO)
    async with provided.database.transaction() as tx:
        await tx.execute("UPDATE provider_tokens SET expires_at = now()")
    assert (await browser.exchange(code)).code == "auth.provider_code_invalid"
