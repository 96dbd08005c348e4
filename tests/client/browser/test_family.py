"""A family in a real browser: joining it, leaving it, what the rules refuse then."""

from typing import Any

from samovar.testing.platform import Platform
from tests.client.browser.conftest import PHONE, Client
from tests.client.browser.developing import caller_of
from tests.client.browser.test_account import registered, signed_up
from tests.journeys.test_publishing import Person as Caller

OF_AGE = {"birth_date": "1990-05-17"}
FAMILY = "/v1/accounts/me/family"


async def done(caller: Caller, method: str, path: str, json: Any = None) -> Any:
    answer = await caller.ask(method, path, json=json)
    assert answer.status < 300, answer.body
    return answer.body


async def adult(caller: Caller) -> str:
    """Tell a grown-up person's age, and return who they are."""
    return str((await done(caller, "PATCH", "/v1/accounts/me", OF_AGE))["account_id"])


@PHONE
async def test_an_invitation_is_accepted_and_the_family_left(client: Client, platform: Platform) -> None:
    aunt = await caller_of(platform, await registered(platform))
    caller = await caller_of(platform, await signed_up(client))
    aunt_id, own_id = await adult(aunt), await adult(caller)
    await done(aunt, "POST", "/v1/friends/requests", {"account_id": own_id})
    await done(caller, "POST", "/v1/friends/requests", {"account_id": aunt_id})
    await done(aunt, "POST", FAMILY)
    await done(aunt, "POST", f"{FAMILY}/invites", {"account_id": own_id, "role": "adult"})
    await client.open("/friends?tab=family")
    await client.see("family.found")
    await client.picture("family-invited")
    await client.click(f"family.accept.{aunt_id}")
    await client.see(f"family.leave.{own_id}")
    assert await client.too_wide() == []
    await client.picture("family")
    assert len((await done(aunt, "GET", FAMILY))["members"]) == 2
    await client.click(f"family.leave.{own_id}")
    await client.click("family.confirm.yes")
    # Whoever has left waits before there is another family.
    await client.click("family.found")
    await client.see("family.found.problem")
    client.faults.clear()
