"""Who works for an organisation, in a real browser: its people and its keys, and what is refused."""

from uuid import uuid4

from samovar.testing.platform import Platform
from tests.client.browser.conftest import PASSWORD, WAIT_MS, Client, Person
from tests.client.browser.developing import caller_of, fits, reach
from tests.client.browser.test_account import registered, sign_in

KEY = "builds"


async def test_an_owner_invites_changes_and_removes_people_and_keeps_keys(
    client: Client, platform: Platform
) -> None:
    owner = await registered(platform)
    caller = await caller_of(platform, owner)
    organisation_id = (await caller.ask("POST", "/v1/dev/organizations", json={"name": "Студия"})).body["id"]
    await caller.refresh()
    name = f"Клавдия {uuid4().hex[:8]}"
    email = f"{uuid4().hex}@example.org"
    body = {"email": email, "password": PASSWORD, "display_name": name, "consents": []}
    other_id = (await platform.request("POST", "/v1/auth/register", json=body)).body["account_id"]
    await client.open("/sign-in")
    await sign_in(client, owner)
    await client.see("shell.profile")
    await client.open(f"/dev/organisations/{organisation_id}?part=members")
    await people(client, other_id, name)
    await a_viewer_looks(client, Person(email, name), organisation_id)
    await removed(client, other_id)
    client.faults.clear()
    await client.click("organisation.tab.keys")
    await keys(client)
    held = await caller.ask("GET", f"/v1/dev/organizations/{organisation_id}/api-keys")
    assert held.status == 200
    assert held.body["items"] == []


async def people(client: Client, other_id: str, name: str) -> None:
    """Invite somebody, change what they may, fail to leave as the last owner."""
    await client.fill("members.query", "К")
    await client.click("members.look")
    assert "двух букв" in await client.text("members.query.error")
    await client.fill("members.query", name)
    await client.click("members.look")
    await client.click(f"members.add.{other_id}")
    await client.choose(f"members.{other_id}.level", "наблюдатель")
    await client.see(f"members.{other_id}.viewer.remove")
    own = client.page.locator('[flt-semantics-identifier$=".owner.remove"]').first
    await client.click(await own.get_attribute("flt-semantics-identifier") or "")
    await client.click("members.sure.yes")
    assert "владелец" in await client.text("members.problem")
    await fits(client, "members")


async def a_viewer_looks(client: Client, person: Person, organisation_id: str) -> None:
    """Show the organisation to somebody who may only look: nothing is offered that would be refused."""
    other = await client.beside()
    await other.open(f"/sign-in?next=/dev/organisations/{organisation_id}")
    await sign_in(other, person)
    await other.see("organisation.empty")
    for closed in ("organisation.new_app", "organisation.tab.keys", "organisation.tab.legal"):
        assert await other.named(closed).count() == 0
    await other.click("organisation.tab.members")
    await other.page.get_by_text(person.name).first.wait_for(state="attached", timeout=WAIT_MS)
    await other.picture("console-viewer")
    await other.page.context.close()
    assert other.faults == []


async def removed(client: Client, other_id: str) -> None:
    """Remove a member, after a question."""
    await client.click(f"members.{other_id}.viewer.remove")
    await client.click("members.sure.yes")
    await client.gone(f"members.{other_id}.viewer.remove")


async def keys(client: Client) -> None:
    """Make a key, see it once, end it."""
    await reach(client, "keys.make")
    await client.click("keys.make")
    assert "Заполните" in await client.text("keys.name.error")
    await reach(client, "keys.name")
    await client.fill("keys.name", KEY)
    await client.click("keys.scope.reports")
    await reach(client, "keys.make")
    await client.click("keys.make")
    assert "smvk_" in await client.text("keys.made")
    await fits(client, "keys")
    await client.click("keys.kept")
    await client.see("keys.scope.reports")
    await reach(client, f"keys.{KEY}.end")
    await client.click(f"keys.{KEY}.end")
    await client.click("keys.sure.yes")
    await client.gone(f"keys.{KEY}.end")
