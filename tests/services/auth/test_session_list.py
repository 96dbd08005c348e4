"""What one sees of one's sessions and devices, and ending them."""

from uuid import UUID

from samovar.services.auth.commands import roles_in
from samovar.services.auth.contract.events import SessionRevoked
from samovar.services.auth.roles.domain import Wanted
from tests.services.auth.conftest import Auth, Installation, new_address, new_email

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


async def sessions_of(auth: Auth, token: str) -> list[dict[str, object]]:
    items: list[dict[str, object]] = (await auth.ask("GET", "/v1/auth/sessions", token=token)).body["items"]
    return items


async def make_stale(auth: Auth, account_id: str) -> None:
    """Let every proof of an account be an hour old."""
    async with auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE sessions SET authenticated_at = now() - interval '1 hour' WHERE account_id = $1",
            UUID(account_id),
        )


async def test_sessions_are_listed_with_where_and_on_what(auth: Auth) -> None:
    email, address = new_email(), new_address()
    first = (await auth.register(email=email)).body
    body = {"login": email, "password": "зелёная кочка под луной"}
    second = await auth.ask("POST", "/v1/auth/login", body, user_agent=CHROME, x_forwarded_for=address)
    seen = await sessions_of(auth, second.body["access_token"])
    assert [one["is_current"] for one in seen] == [True, False]
    assert seen[0]["device"]["name"] == "Chrome, Windows"  # type: ignore[index]
    assert (seen[0]["address"], seen[0]["kind"], seen[0]["acr"]) == (address, "sign_in", "aal1")
    assert len(await sessions_of(auth, first["access_token"])) == 2


async def test_a_list_of_sessions_has_pages(auth: Auth) -> None:
    email = new_email()
    token = (await auth.register(email=email)).body["access_token"]
    for _ in range(2):
        await auth.log_in(email)
    page = (await auth.ask("GET", "/v1/auth/sessions?limit=2", token=token)).body
    rest = (await auth.ask("GET", f"/v1/auth/sessions?cursor={page['next_cursor']}", token=token)).body
    assert len(page["items"]) == 2
    assert [one["is_current"] for one in rest["items"]] == [True]
    assert rest["next_cursor"] is None


async def test_one_session_is_ended_from_another(auth: Auth) -> None:
    email = new_email()
    here = (await auth.register(email=email)).body
    there = (await auth.log_in(email)).body
    (other,) = [one for one in await sessions_of(auth, here["access_token"]) if not one["is_current"]]
    ended = await auth.ask("DELETE", f"/v1/auth/sessions/{other['id']}", token=here["access_token"])
    assert ended.status == 204
    assert (await auth.me(there["access_token"])).code == "auth.session_revoked"
    assert (await auth.refresh(there["refresh_token"])).status == 401
    assert (await auth.me(here["access_token"])).status == 200
    again = await auth.ask("DELETE", f"/v1/auth/sessions/{other['id']}", token=here["access_token"])
    assert again.status == 404


async def test_nobody_ends_the_session_of_another_person(auth: Auth) -> None:
    mine, yours = (await auth.register()).body, (await auth.register()).body
    (session,) = await sessions_of(auth, yours["access_token"])
    answer = await auth.ask("DELETE", f"/v1/auth/sessions/{session['id']}", token=mine["access_token"])
    assert answer.status == 404
    assert (await auth.me(yours["access_token"])).status == 200


async def test_all_other_sessions_end_at_once(auth: Auth) -> None:
    email = new_email()
    here = (await auth.register(email=email)).body
    others = [(await auth.log_in(email)).body for _ in range(2)]
    assert (await auth.ask("DELETE", "/v1/auth/sessions", token=here["access_token"])).status == 204
    assert {(await auth.me(one["access_token"])).status for one in others} == {401}
    assert (await auth.me(here["access_token"])).status == 200
    assert {event.reason for event in await auth.events(SessionRevoked, here["account_id"])} == {"revoked"}


async def test_ending_sessions_asks_for_a_fresh_proof(auth: Auth) -> None:
    came = (await auth.register()).body
    await make_stale(auth, came["account_id"])
    stale = (await auth.refresh(came["refresh_token"])).body["access_token"]
    refused = await auth.ask("DELETE", "/v1/auth/sessions", token=stale)
    assert (refused.status, refused.code) == (401, "auth.step_up_required")
    assert refused.headers["WWW-Authenticate"] == (
        'Bearer error="insufficient_user_authentication", acr_values="aal1", max_age="900"'
    )
    assert (await auth.step_up(stale, "не тот пароль")).code == "auth.bad_credentials"
    fresh = (await auth.step_up(stale)).body["access_token"]
    assert (await auth.ask("DELETE", "/v1/auth/sessions", token=fresh)).status == 204
    assert (await auth.me(stale)).status == 200


async def test_a_device_has_a_name_that_its_owner_gave(auth: Auth) -> None:
    email = new_email()
    came = (await auth.register(email=email, device_name="Ноутбук")).body
    token = came["access_token"]
    (device,) = (await auth.ask("GET", "/v1/auth/devices", token=token)).body["items"]
    assert (device["name"], device["trusted_until"]) == ("Ноутбук", None)
    path = f"/v1/auth/devices/{device['id']}"
    assert (await auth.ask("PATCH", path, {"name": "Дом"}, token=token)).body["name"] == "Дом"
    for nonsense in ("", " ", "a\u0000b", "x" * 65):
        assert (await auth.ask("PATCH", path, {"name": nonsense}, token=token)).status == 422
    again = await auth.log_in(email, device_token=came["device_token"], device_name="Другое имя")
    (device,) = (await auth.ask("GET", "/v1/auth/devices", token=again.body["access_token"])).body["items"]
    assert device["name"] == "Дом"


async def test_a_device_is_renamed_only_as_it_was_seen(auth: Auth) -> None:
    token = (await auth.register()).body["access_token"]
    (device,) = (await auth.ask("GET", "/v1/auth/devices", token=token)).body["items"]
    path = f"/v1/auth/devices/{device['id']}"
    seen = await auth.ask("GET", path, token=token)
    assert seen.body == device
    tag = seen.headers["etag"]
    renamed = await auth.ask("PATCH", path, {"name": "Дом"}, token=token, if_match=tag)
    assert renamed.status == 200
    assert renamed.headers["etag"] == (await auth.ask("GET", path, token=token)).headers["etag"]
    stale = await auth.ask("PATCH", path, {"name": "Дача"}, token=token, if_match=tag)
    assert (stale.status, stale.code) == (412, "request.precondition_failed")
    assert (await auth.ask("GET", path, token=token)).body["name"] == "Дом"
    stranger = (await auth.register()).body["access_token"]
    assert (await auth.ask("GET", path, token=stranger)).status == 404


async def test_forgetting_a_device_ends_what_runs_on_it(auth: Auth, installation: Installation) -> None:
    email = new_email()
    came = (await auth.register(email=email)).body
    here = (await auth.log_in(email)).body
    devices = (await auth.ask("GET", "/v1/auth/devices", token=here["access_token"])).body["items"]
    path = f"/v1/auth/devices/{devices[-1]['id']}"
    stranger = (await auth.register()).body["access_token"]
    assert (await auth.ask("DELETE", path, token=stranger)).status == 404
    assert (await auth.ask("PATCH", path, {"name": "моё"}, token=stranger)).status == 404
    assert (await auth.ask("DELETE", path, token=here["access_token"])).status == 204
    assert (await auth.me(came["access_token"])).code == "auth.session_revoked"
    back = await auth.log_in(email, device_token=came["device_token"])
    assert back.body["device_token"] != came["device_token"]
    # It is a stranger now, so the owner hears of it.
    await installation.messages.last(to=email)


async def test_staff_end_all_that_an_account_is_signed_in_with(auth: Auth) -> None:
    email = new_email()
    await auth.register(email=email)
    await roles_in(auth.database, phone_region="RU").grant(email, Wanted(role="support"), reason="a test")
    support = (await auth.log_in(email)).body["access_token"]
    player = (await auth.register()).body
    path = f"/v1/admin/accounts/{player['account_id']}/sessions"
    assert (await auth.ask("GET", path, token=player["access_token"])).status == 403
    assert (await auth.ask("DELETE", path, token=player["access_token"])).status == 403
    assert len((await auth.ask("GET", path, token=support)).body["items"]) == 1
    assert (await auth.ask("DELETE", path, token=support)).status == 204
    assert (await auth.me(player["access_token"])).code == "auth.session_revoked"
    assert (await auth.refresh(player["refresh_token"])).status == 401
    (event,) = await auth.events(SessionRevoked, player["account_id"])
    assert event.reason == "ended_by_staff"
    recorded = await auth.database.fetch_value(
        "SELECT count(*) FROM audit WHERE account_id = $1 AND action = 'session.all_ended' AND actor_id IS NOT NULL",
        UUID(player["account_id"]),
    )
    assert recorded == 1
