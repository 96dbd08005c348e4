"""People in a real browser: finding each other, becoming friends, parting."""

from tests.client.browser.conftest import Client
from tests.client.browser.test_account import signed_up


async def test_two_players_become_friends_and_part(client: Client) -> None:
    await signed_up(client)
    name = f"Фрол {client.kind}"
    other = await client.platform.register()
    token, frol = other.body["access_token"], other.body["account_id"]
    said = await client.platform.request(
        "PATCH", "/v1/accounts/me", token=token, json={"display_name": name, "bio": "Люблю чай с баранками."}
    )
    assert said.status == 200
    await client.open("/friends")
    await client.see("friends.empty")
    assert await client.too_wide() == []
    await client.picture("friends-empty")
    await client.fill("friends.query", name)
    await client.click("friends.find")
    await client.click(f"friends.found.{frol}")
    await client.at(f"/u/{frol}")
    await client.click("profile.ask")
    await client.see("profile.take_back")
    waiting = await client.platform.request(
        "GET", "/v1/friends/requests", token=token, params={"direction": "incoming"}
    )
    [request] = waiting.body["items"]
    accepted = await client.platform.request(
        "POST", f"/v1/friends/requests/{request['id']}/accept", token=token
    )
    assert accepted.status == 200
    await client.open("/friends")
    await client.see(f"friends.friend.{frol}")
    assert await client.too_wide() == []
    await client.picture("friends")
    await client.click(f"friends.friend.{frol}")
    await client.click("profile.nickname")
    await client.fill("profile.nickname.field", "Кум")
    await client.click("profile.nickname.save")
    await client.gone("profile.nickname.save")
    assert await client.too_wide() == []
    await client.picture("profile-friend")
    await client.click("profile.part")
    await client.click("profile.part.confirm.yes")
    await client.see("profile.ask")


async def test_what_one_says_of_oneself_is_what_others_see(client: Client) -> None:
    await signed_up(client)
    await client.open("/profile/edit")
    await client.fill("profile.bio", "Собираю самовары.")
    await client.picture("profile-edit")
    assert await client.too_wide() == []
    await client.click("profile.save")
    await client.at("/profile")
    await client.see("profile.edit")
    await client.picture("profile")
    me = await client.page.get_by_text("Собираю самовары.").count()
    assert me
