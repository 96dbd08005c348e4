"""Profiles over REST."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from samovar.testing.hosting import Running
from tests.services.account.conftest import person, registered

ME = "/v1/accounts/me"


async def test_somebody_who_has_registered_finds_their_account(account: Running) -> None:
    account_id = await person(account, display_name="Ёжик", country="RU", email="hedgehog@example.com")
    me = await account.request("GET", ME, account_id=account_id)
    assert me.status == 200
    assert (me.body["account_id"], me.body["display_name"], me.body["country"]) == (
        str(account_id),
        "Ёжик",
        "RU",
    )
    assert (me.body["age_level"], me.body["age_source"], me.body["name"]) == (0, None, None)


async def test_a_request_that_comes_before_the_event_waits_for_it(account: Running) -> None:
    event = registered()
    asking = asyncio.create_task(account.request("GET", ME, account_id=event.account_id))
    await account.announce(event)
    assert (await asking).status == 200


async def test_an_account_that_does_not_come_is_asked_for_again_and_never_denied(account: Running) -> None:
    account_id = uuid4()
    for path in (ME, f"/v1/accounts/{account_id}"):
        answer = await account.request("GET", path, account_id=account_id)
        assert (answer.status, answer.body["code"]) == (503, "account.not_ready")
        assert answer.headers["retry-after"] == "1"


async def test_the_age_level_is_shown_and_the_birth_date_is_not(account: Running) -> None:
    born = datetime.now(UTC).date() - timedelta(days=17 * 366)
    account_id = await person(account, birth_date=born)
    me = await account.request("GET", ME, account_id=account_id)
    assert (me.body["age_level"], me.body["age_source"]) == (16, "self")
    assert born.isoformat() not in str(me.body)


async def test_a_stranger_is_refused(account: Running) -> None:
    assert (await account.request("GET", ME)).status == 401
