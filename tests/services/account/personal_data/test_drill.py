"""The data-subject drill: a person gets everything that is held of them, and nothing of it is left after they are erased."""

import io
import zipfile
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import msgspec
import nats
import pytest

from samovar.kit.database import Database
from samovar.kit.events import Event
from samovar.kit.personal_data.declaration import TELLING, Holding
from samovar.services.account.contract.events import AccountErased, ProfileChanged
from samovar.services.auth.contract.events import SessionRevoked
from tests.services.account.personal_data.conftest import PASSWORD, SERVICES, House, Somebody

ME = "/v1/accounts/me"
# Fields of events that look as if they told something of a person, and do not.
HARMLESS = {"provider_name"}


async def live_a_little(house: House, who: Somebody) -> str:
    """Leave traces wherever a person can; return their phone."""
    phone = f"+7916{uuid4().int % 10**7:07}"
    mail = await house.messages.last(to=who.email)
    await house.ask("POST", f"{ME}/email/confirm", who.token, json={"code": mail.code})
    await house.ask("POST", f"{ME}/phone/verify", who.token, json={"phone": phone})
    code = (await house.messages.last(to=phone)).code
    assert (await house.ask("POST", f"{ME}/phone/confirm", who.token, json={"code": code})).status == 200
    await house.ask("PUT", f"{ME}/consents/advertising", who.token, json={"given": True})
    friend = await house.register()
    asked = {"account_id": str(friend.account_id)}
    assert (await house.ask("POST", "/v1/friends/requests", who.token, json=asked)).status == 201
    who.token = await house.log_in(who)
    forgotten = {"login": who.email}
    assert (await house.ask("POST", "/v1/auth/password/forgot", json=forgotten)).status < 300
    return phone


async def export(house: House, who: Somebody) -> zipfile.ZipFile:
    assert (await house.ask("POST", f"{ME}/export", who.token)).status == 202
    await house.done(who, "export")
    link = (await house.ask("POST", f"{ME}/export/link", who.token)).body["url"]
    async with aiohttp.ClientSession() as session, session.get(link) as answer:
        assert (answer.status, answer.content_type) == (200, "application/zip")
        assert answer.headers["cache-control"] == "no-store"
        return zipfile.ZipFile(io.BytesIO(await answer.read()))


async def person_tables(database: Database) -> set[str]:
    """Return the tables with a column that tells a person from others."""
    rows: list[str] = await database.fetch_value(
        """
        SELECT array_agg(c.table_name || '.' || c.column_name) FROM information_schema.columns c
        JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
        """
    )
    return {row.partition(".")[0] for row in rows if TELLING.match(row.partition(".")[2])}


@pytest.mark.parametrize("name", list(SERVICES))
async def test_every_table_with_a_person_column_says_what_becomes_of_it(together: House, name: str) -> None:
    """A table that says nothing is an `Undeclared` here: add it to the service's `holdings.py`."""
    database, declared = together.databases[name], SERVICES[name].personal_data
    holding = await Holding.read(database, declared)
    handled = {table.name for table in holding.tables} | set(declared.impersonal)
    assert await person_tables(database) <= handled


@pytest.mark.parametrize("event", [event for service in SERVICES.values() for event in service.publishes])
def test_every_event_says_which_of_its_fields_tell_something_of_a_person(event: type[Event]) -> None:
    fields = {field.name for field in msgspec.structs.fields(event)}
    looks_personal = {
        name
        for name in fields - HARMLESS
        if name in {"email", "phone", "login", "name", "value", "country", "birth_date"}
        or name.endswith(("_name", "address", "avatar_url"))
    }
    assert looks_personal <= set(event.personal) <= fields


async def test_an_export_names_every_table_that_holds_something(together: House) -> None:
    who = await together.register()
    phone = await live_a_little(together, who)
    archive = await export(together, who)
    files = {name: msgspec.json.decode(archive.read(name)) for name in archive.namelist()}
    for name, database in together.databases.items():
        assert await person_tables(database) <= set(files[f"{name}.json"])
    account, auth = files["account.json"], files["auth.json"]
    assert {one["value"] for one in account["contacts"]} == {who.email, phone}
    assert account["accounts"][0]["display_name"] == who.name
    assert {one["login"] for one in auth["logins"]} >= {who.email}
    assert auth["sessions"]
    receipts = files["about.json"]["services"]
    assert (receipts["account"]["contacts"], receipts["account"]["consents"]) == (2, 3)
    said = str(files)
    assert "password_hash" not in said
    assert "argon2" not in said
    assert (await together.messages.last(to=who.email, number=2)).subject


async def in_the_streams(nats_url: str, *words: str) -> list[str]:
    """Return the subjects of the messages in all streams in which any of the words stands."""
    client = await nats.connect(nats_url)
    jetstream = client.jetstream()
    found = []
    for name in SERVICES:
        stream = f"SAMOVAR_{name.upper()}"
        last = (await jetstream.stream_info(stream)).state.last_seq
        for sequence in range(1, last + 1):
            try:
                message = await jetstream.get_msg(stream, sequence)
            except nats.js.errors.NotFoundError:
                continue
            text = (message.data or b"").decode()
            found += [f"{message.subject}: {word}" for word in words if word in text]
    await client.close()
    return found


async def erase(house: House, who: Somebody) -> Any:
    asked = await house.ask("POST", f"{ME}/erasure", who.token)
    assert (asked.status, asked.body["state"]) == (202, "waiting")
    await house.let_the_grace_pass(who)
    await house.done(who, "erasure")
    return await house.databases["account"].fetch_value(
        "SELECT jsonb_object_agg(service, receipt) FROM data_steps s JOIN data_requests r ON r.id = s.request_id "
        "WHERE r.account_id = $1 AND r.kind = 'erasure'",
        who.account_id,
    )


async def test_an_erasure_leaves_no_trace_of_the_person(together: House, nats_url: str) -> None:
    who = await together.register()
    phone = await live_a_little(together, who)
    secrets = (who.email, phone, who.name)
    before = await together.traces(*secrets)
    assert {trace.rpartition(": ")[2] for trace in before} == set(secrets)
    assert await in_the_streams(nats_url, *secrets)
    receipts = await erase(together, who)
    assert receipts["account"]["contacts"] == 2
    assert receipts["account"]["kept:consents"] == 3
    assert receipts["auth"]["accounts"] == 1
    farewell = await together.messages.all(to=who.email)
    await together.until(lambda: all_sent(together, who))
    assert await together.traces(*secrets) == []
    assert await in_the_streams(nats_url, *secrets) == []
    assert farewell


async def all_sent(house: House, who: Somebody) -> bool:
    """Return whether the last mail has left: until then its address is kept."""
    return (await house.messages.all(to=who.email))[0].subject == "Учётная запись удалена" and not (
        await house.databases["account"].fetch_value(
            "SELECT count(*) FROM kit.outgoing_messages WHERE message IS NOT NULL"
        )
    )


async def test_who_is_erased_is_signed_out_everywhere_and_told_of(together: House) -> None:
    who = await together.register()
    await erase(together, who)
    refused = await together.ask("GET", "/v1/auth/me", who.token)
    assert (refused.status, refused.body["code"]) == (401, "auth.session_revoked")
    gone = await together.ask("POST", "/v1/auth/login", json={"login": who.email, "password": PASSWORD})
    assert gone.status == 401
    erased = await told(together.databases["account"], AccountErased, who.account_id)
    assert len(erased) == 1
    profile = (await told(together.databases["account"], ProfileChanged, who.account_id))[-1]
    assert (profile["display_name"], profile.get("name")) == ("Удалённый игрок", None)
    assert await told(together.databases["auth"], SessionRevoked, who.account_id)


async def told(database: Database, event: type[Event], account_id: UUID) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await database.fetch_value(
        "SELECT coalesce(jsonb_agg(payload::jsonb ORDER BY seq), '[]') FROM kit.outbox "
        "WHERE subject = $1 AND payload ->> 'account_id' = $2",
        event.subject,
        str(account_id),
    )
    return found


async def test_the_events_that_are_left_still_decode(together: House) -> None:
    """A stream that was lost is rebuilt from the outbox: an erased person must not stop that."""
    who = await together.register()
    await erase(together, who)
    for name, service in SERVICES.items():
        for event in service.publishes:
            rows = await told(together.databases[name], event, who.account_id)
            assert all(msgspec.convert(row, event, strict=False) for row in rows)


async def test_the_address_of_an_erased_person_can_be_registered_again(together: House) -> None:
    who = await together.register()
    await erase(together, who)
    person = {"email": who.email, "password": PASSWORD, "display_name": "Новый", "consents": []}
    assert (await together.ask("POST", "/v1/auth/register", json=person)).status == 201
