"""Exports and erasures as they go on by themselves."""

import io
import zipfile
from typing import Any

import msgspec

from tests.services.account.avatars.test_pictures import picture
from tests.services.account.personal_data.conftest import House, Somebody

ME = "/v1/accounts/me"


async def test_signing_in_calls_an_erasure_off(together: House) -> None:
    who = await together.register()
    await together.ask("POST", f"{ME}/erasure", who.token)
    assert await together.state(who, "erasure") == "waiting"
    await together.log_in(who)

    async def canceled() -> bool:
        return await together.state(who, "erasure") == "canceled"

    await together.until(canceled)
    await together.let_the_grace_pass(who)
    assert (await together.ask("GET", ME, who.token)).body["display_name"] == who.name


async def test_an_export_is_gone_after_its_time(together: House) -> None:
    who = await together.register()
    await together.ask("POST", f"{ME}/export", who.token)
    await together.done(who, "export")
    link = (await together.ask("POST", f"{ME}/export/link", who.token)).body["url"]
    path = link.partition("/v1/")[1] + link.partition("/v1/")[2]
    assert (await together.ask("GET", path)).status == 200
    async with together.databases["account"].transaction() as tx:
        await tx.execute("UPDATE data_requests SET expires_at = now() WHERE account_id = $1", who.account_id)
    gone = await together.ask("GET", path)
    assert (gone.status, gone.body["code"]) == (404, "account.export_link_invalid")


async def gathered(together: House, who: Somebody) -> tuple[str, dict[str, Any]]:
    """Let somebody have their data, and return the path to it and what account gave."""
    await together.ask("POST", f"{ME}/export", who.token)
    await together.done(who, "export")
    link = (await together.ask("POST", f"{ME}/export/link", who.token)).body["url"]
    path = "/v1/" + link.partition("/v1/")[2]
    archive = zipfile.ZipFile(io.BytesIO((await together.ask("GET", path)).body))
    return path, msgspec.json.decode(archive.read("account.json"))


async def test_an_export_tells_nothing_that_others_keep_from_the_person(together: House) -> None:
    who, friend, blocker, decliner = [await together.register() for _ in range(4)]
    for other in (friend, decliner):
        asked = {"account_id": str(other.account_id)}
        request = (await together.ask("POST", "/v1/friends/requests", who.token, json=asked)).body["id"]
        answer = "accept" if other is friend else "decline"
        await together.ask("POST", f"/v1/friends/requests/{request}/{answer}", other.token)
    noted = {"nickname": "Медведь", "favourite": True}
    await together.ask("PATCH", f"/v1/friends/{who.account_id}", friend.token, json=noted)
    await together.ask("PATCH", f"/v1/friends/{friend.account_id}", who.token, json={"nickname": "Лиса"})
    hidden = f"{ME}/privacy/exceptions/{who.account_id}"
    assert (await together.ask("PUT", hidden, friend.token, json={"library": False})).status == 200
    await together.ask("PUT", f"/v1/blocks/{who.account_id}", blocker.token)
    _, told = await gathered(together, who)
    (relation,) = told["relations"]
    assert (relation["other_id"], relation["nickname"], relation["favourite"]) == (
        str(friend.account_id),
        "Лиса",
        False,
    )
    assert told["privacy_exceptions"] == []
    said = str(told)
    assert "Медведь" not in said
    assert str(blocker.account_id) not in said
    assert str(decliner.account_id) not in said


async def test_an_export_holds_the_picture_that_the_person_shows(together: House) -> None:
    who = await together.register()
    sent = await together.ask(
        "PUT", f"{ME}/avatar", who.token, data=picture(), headers={"Content-Type": "image/png"}
    )
    assert sent.status == 200
    path, _ = await gathered(together, who)
    archive = zipfile.ZipFile(io.BytesIO((await together.ask("GET", path)).body))
    assert archive.read("avatar.webp") == (await together.ask("GET", sent.body["avatar_url"])).body


async def test_an_export_tells_whom_the_person_blocks_and_asks(together: House) -> None:
    who, blocked, asked = [await together.register() for _ in range(3)]
    await together.ask("PUT", f"/v1/blocks/{blocked.account_id}", who.token)
    await together.ask("PUT", f"/v1/blocks/{who.account_id}", asked.token)
    wish = {"account_id": str(asked.account_id)}
    assert (await together.ask("POST", "/v1/friends/requests", who.token, json=wish)).status == 201
    _, told = await gathered(together, who)
    relations = {one["other_id"]: one for one in told["relations"]}
    assert relations[str(blocked.account_id)]["blocks_since"]
    # The request is withheld from its recipient, of which its sender learns nothing here either.
    assert relations[str(asked.account_id)]["request_sender_id"] == str(who.account_id)
    assert "withheld" not in str(told)


async def test_an_erasure_takes_finished_exports_along(together: House) -> None:
    who = await together.register()
    path, _ = await gathered(together, who)
    await together.ask("POST", f"{ME}/erasure", who.token)
    await together.let_the_grace_pass(who)
    await together.done(who, "erasure")
    assert (await together.ask("GET", path)).status == 404
    assert (
        await together.databases["account"].fetch_value(
            "SELECT count(*) FROM data_requests WHERE account_id = $1 AND archive IS NOT NULL", who.account_id
        )
        == 0
    )


async def test_an_export_under_way_ends_with_the_account(together: House) -> None:
    who = await together.register()
    async with together.databases["account"].transaction() as tx:
        request_id = await tx.fetch_value(
            """
            INSERT INTO data_requests (id, account_id, kind, state, begins_at, addresses, requested_at)
            VALUES (gen_random_uuid(), $1, 'export', 'running', now(), ARRAY['a@b.c'], now()) RETURNING id
            """,
            who.account_id,
        )
        await tx.execute(
            """
            INSERT INTO data_steps (request_id, service, rank, next_attempt_at, done_at, document)
            VALUES ($1, 'auth', 1, now(), now(), 'private'), ($1, 'library', 1, now() + interval '1 day', NULL, NULL)
            """,
            request_id,
        )
    await together.ask("POST", f"{ME}/erasure", who.token)
    await together.let_the_grace_pass(who)
    await together.done(who, "erasure")
    assert await together.state(who, "export") == "canceled"
    assert await together.databases["account"].fetch_value(
        "SELECT bool_and(document IS NULL AND done_at IS NOT NULL) FROM data_steps WHERE request_id = $1",
        request_id,
    )


async def test_nobody_befriends_or_blocks_a_person_who_is_gone(together: House) -> None:
    who, other = await together.register(), await together.register()
    await together.ask("POST", f"{ME}/erasure", who.token)
    await together.let_the_grace_pass(who)
    await together.done(who, "erasure")
    asked = {"account_id": str(who.account_id)}
    for method, path, body in (
        ("POST", "/v1/friends/requests", asked),
        ("PUT", f"/v1/blocks/{who.account_id}", None),
    ):
        answer = await together.ask(method, path, other.token, json=body)
        assert (answer.status, answer.body["code"]) == (404, "account.not_found")
