"""Seeing, making and taking away links over REST."""

import os
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from samovar.kit.clock import Clock, SystemClock
from samovar.kit.ids import new_id
from samovar.kit.settings import Secret
from samovar.services.auth.audit import Audit
from samovar.services.auth.contract.events import CredentialChanged
from samovar.services.auth.providers.adapters.policy import country_policy
from samovar.services.auth.providers.links.entry import Entry
from samovar.services.auth.providers.links.linking import Linking
from samovar.services.auth.providers.links.use_cases import FORMER_KEPT_FOR, Links
from samovar.services.auth.providers.one_time import OneTimeTokens
from samovar.services.auth.settings import AuthSettings
from samovar.services.auth.tokens.sealing import Sealer
from samovar.simulators.identity.program import Simulators
from samovar.testing.clock import FakeClock
from tests.services.auth.conftest import Auth
from tests.services.auth.providers.browsing import (
    VERIFIER,
    Browser,
    browsing,
    client_challenge,
    refusals,
)
from tests.services.auth.providers.travelling import ask_json, new_person, query_of


@pytest.fixture
async def token(provided: Auth) -> str:
    """Register somebody with a password."""
    access_token: str = (await provided.register()).body["access_token"]
    return access_token


async def _stale(provided: Auth, token: str) -> str:
    """Return a token of the same session that was proved long ago."""
    me = await provided.me(token)
    async with provided.database.transaction() as tx:
        await tx.execute(
            """
            UPDATE sessions SET authenticated_at = authenticated_at - interval '1 hour'
            WHERE account_id = $1::text::uuid
            """,
            me.body["account_id"],
        )
    return str(me.body["account_id"])


async def test_a_linked_provider_signs_in_to_the_same_account(
    provided: Auth, browser: Browser, token: str
) -> None:
    person = new_person()
    account_id = (await provided.me(token)).body["account_id"]
    linked = await browser.link(token, "vk", person)
    assert (linked.status, linked.body) == (
        200,
        {"linked": True, "provider": "vk", "name": f"Игрок {person}"},
    )
    listed = await provided.ask("GET", "/v1/auth/links", token=token)
    assert [(one["provider"], one["title"], one["name"]) for one in listed.body["items"]] == [
        ("vk", "VK ID", f"Игрок {person}")
    ]
    assert (await browser.sign_in("vk", person)).body["account_id"] == account_id
    [event] = await provided.events(CredentialChanged, account_id)
    assert (event.credential, event.action, event.name) == ("link", "added", "vk")


async def test_an_equal_address_does_not_keep_the_owner_from_linking(
    provided: Auth, browser: Browser
) -> None:
    person = new_person()
    owner = await provided.register(email=f"{person}@yandex.ru")
    assert (await browser.sign_in("yandex", person)).code == "auth.link_required"
    await browser.link(owner.body["access_token"], "yandex", person)
    signed_in = await browser.sign_in("yandex", person)
    assert signed_in.body["account_id"] == owner.body["account_id"]


async def test_a_program_links_over_its_own_verifier(provided: Auth, browser: Browser, token: str) -> None:
    begun = await browser.post("/v1/auth/links/tid", client_challenge(), token=token)
    start = urlsplit(begun.body["start_url"])
    page = await browser.open(f"{start.path}?{start.query}")
    back = await browser.open(await browser.callback(page.headers["Location"], new_person()))
    code = query_of(back.headers["Location"])["code"]
    async with browsing(provided) as program:
        linked = await program.exchange(code, token=token, code_verifier=VERIFIER)
    assert linked.body["provider"] == "tid"


async def test_without_a_return_the_callback_gives_the_code_itself(browser: Browser, token: str) -> None:
    begun = await browser.post("/v1/auth/links/sber", {}, token=token)
    start = urlsplit(begun.body["start_url"])
    page = await browser.open(f"{start.path}?{start.query}")
    back = await browser.open(await browser.callback(page.headers["Location"], new_person()))
    assert (await browser.exchange(back.body["code"], token=token)).body["linked"] is True


async def test_a_mini_app_links_at_once(browser: Browser, simulators: Simulators, token: str) -> None:
    signed = await ask_json(f"{simulators.address}/max/signed", person=new_person())
    linked = await browser.post("/v1/auth/links/max", signed, token=token)
    assert (linked.status, linked.body["provider"]) == (201, "max")
    again = await browser.post("/v1/auth/links/max", signed, token=token)
    assert again.code == "auth.signed_data_stale"


async def test_a_link_needs_a_fresh_proof_to_come_and_to_go(provided: Auth, browser: Browser) -> None:
    registered = await provided.register()
    await _stale(provided, registered.body["access_token"])
    stale = (await provided.refresh(registered.body["refresh_token"])).body["access_token"]
    for answer in (
        await browser.post("/v1/auth/links/vk", {}, token=stale),
        await provided.ask("DELETE", "/v1/auth/links/vk", token=stale),
    ):
        assert (answer.status, answer.code) == (401, "auth.step_up_required")
    assert (await provided.ask("GET", "/v1/auth/links", token=stale)).status == 200


async def test_a_link_begun_by_another_account_is_not_finished(
    provided: Auth, browser: Browser, token: str
) -> None:
    """A thief begins a link to their own account and lures the victim through it: the victim's VK would open the thief's account."""
    begun = await browser.post("/v1/auth/links/vk", {"return_to": "/settings"}, token=token)
    victim = (await provided.register()).body["access_token"]
    start = urlsplit(begun.body["start_url"])
    person = new_person()
    async with browsing(provided) as lured:
        page = await lured.open(f"{start.path}?{start.query}")
        back = await lured.open(await lured.callback(page.headers["Location"], person))
        code = query_of(back.headers["Location"])["code"]
        for answer in (await lured.exchange(code, token=victim), await lured.exchange(code)):
            assert (answer.status, answer.code) == (403, "auth.provider_code_invalid")
        assert (await lured.sign_in("vk", person)).body["registration_required"] is True
    assert await refusals(provided, "auth.provider_code_invalid", provider="vk")


async def test_a_ticket_counts_once_and_for_its_provider(browser: Browser, token: str) -> None:
    begun = await browser.post("/v1/auth/links/vk", {}, token=token)
    ticket = query_of(begun.body["start_url"])["ticket"]
    wrong = await browser.open(f"/v1/auth/providers/tid/start?mode=link&ticket={ticket}")
    assert wrong.code == "auth.provider_code_invalid"
    assert (await browser.open(f"/v1/auth/providers/vk/start?mode=link&ticket={ticket}")).status == 303
    for query in (f"mode=link&ticket={ticket}", "mode=link", "mode=link&ticket=smvj_x"):
        answer = await browser.open(f"/v1/auth/providers/vk/start?{query}")
        assert (answer.status, answer.code) == (403, "auth.provider_code_invalid")


async def test_a_person_belongs_to_one_account(provided: Auth, browser: Browser, token: str) -> None:
    person = new_person()
    await browser.register("vk", person)
    taken = await browser.link(token, "vk", person)
    assert (taken.status, taken.code) == (409, "auth.link_taken")
    account_id = (await provided.me(token)).body["account_id"]
    assert [
        row.account_id for row in await refusals(provided, "auth.link_taken") if row.account_id == account_id
    ]


async def test_an_account_has_one_link_to_each_provider(browser: Browser, token: str) -> None:
    await browser.link(token, "vk", new_person())
    again = await browser.post("/v1/auth/links/vk", {}, token=token)
    assert (again.status, again.code) == (409, "auth.already_linked")


async def test_a_link_is_taken_away_and_signs_in_no_more(
    provided: Auth, browser: Browser, token: str
) -> None:
    person = new_person()
    await browser.link(token, "vk", person)
    assert (await provided.ask("DELETE", "/v1/auth/links/vk", token=token)).status == 204
    assert (await provided.ask("GET", "/v1/auth/links", token=token)).body["items"] == []
    assert (await browser.sign_in("vk", person)).body["registration_required"] is True
    gone = await provided.ask("DELETE", "/v1/auth/links/vk", token=token)
    assert (gone.status, gone.code) == (404, "auth.link_unknown")


async def test_the_last_way_in_cannot_be_taken_away(provided: Auth, browser: Browser) -> None:
    registered = await browser.register("vk", new_person())
    token = registered.body["access_token"]
    refused = await provided.ask("DELETE", "/v1/auth/links/vk", token=token)
    assert (refused.status, refused.code) == (409, "auth.last_way_in")
    await browser.link(token, "yandex", new_person())
    assert (await provided.ask("DELETE", "/v1/auth/links/vk", token=token)).status == 204
    refused = await provided.ask("DELETE", "/v1/auth/links/yandex", token=token)
    assert refused.code == "auth.last_way_in"
    assert await refusals(provided, "auth.last_way_in", provider="yandex")


async def test_strangers_see_and_begin_nothing(provided: Auth, browser: Browser) -> None:
    assert (await provided.ask("GET", "/v1/auth/links")).status == 401
    assert (await browser.post("/v1/auth/links/vk", {})).status == 401


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("google", {}, 404),
        ("max", {}, 404),
        ("vk", {"init_data": "a=b"}, 404),
        ("vk", {"return_to": "https://evil.example"}, 422),
        ("vk", {"return_to": "http://127.0.0.1:8080/"}, 422),
        ("telegram", {"init_data": "a=b"}, 400),
    ],
)
async def test_what_cannot_be_linked_is_refused(
    name: str, body: dict[str, str], status: int, browser: Browser, token: str
) -> None:
    assert (await browser.post(f"/v1/auth/links/{name}", body, token=token)).status == status


async def test_links_are_again_what_they_were_when_the_owner_says_so(
    provided: Auth, browser: Browser, token: str
) -> None:
    """What a thief has linked is gone, what they have unlinked is back; whoever has since registered elsewhere stays there."""
    account_id = UUID((await provided.me(token)).body["account_id"])
    own, thiefs, moved = new_person(), new_person(), new_person()
    await browser.link(token, "vk", own)
    await browser.link(token, "sber", moved)
    since = datetime.now(UTC)
    for name in ("vk", "sber"):
        assert (await provided.ask("DELETE", f"/v1/auth/links/{name}", token=token)).status == 204
    await browser.link(token, "yandex", thiefs)
    await browser.link(token, "vk", thiefs)
    await browser.register("sber", moved)
    links = _links(provided)
    async with provided.database.transaction() as tx:
        assert await links.roll_back(tx, account_id, since, datetime.now(UTC)) == 3
    listed = await provided.ask("GET", "/v1/auth/links", token=token)
    assert [(one["provider"], one["name"]) for one in listed.body["items"]] == [("vk", f"Игрок {own}")]


async def test_former_links_are_forgotten_in_the_end(provided: Auth, browser: Browser, token: str) -> None:
    await browser.link(token, "vk", new_person())
    await provided.ask("DELETE", "/v1/auth/links/vk", token=token)
    await _links(
        provided, FakeClock(datetime.now(UTC) + FORMER_KEPT_FOR + timedelta(minutes=1))
    ).forget_former()
    assert await provided.database.fetch_value("SELECT count(*) FROM provider_former_links") == 0


def _links(provided: Auth, clock: Clock | None = None) -> Links:
    """Build what `app.py` builds, beside the running process."""
    clock = clock or SystemClock()
    secret = Secret("s" * 32)
    audit = Audit(provided.database, clock=clock, new_id=new_id)
    policy = country_policy(AuthSettings(database_url=secret, password_pepper=secret, token_secret=secret))
    return Links(
        provided.database,
        providers={},
        policy=policy,
        entry=Entry({}, policy),
        tokens=OneTimeTokens(Sealer(secret, "test"), random_bytes=os.urandom),
        linking=Linking(audit),
        audit=audit,
        clock=clock,
        new_id=new_id,
        origin="http://samovar.test",
    )
