"""Sign-ins that look unlike their owner are asked for the second factor, and say so."""

from uuid import UUID

from samovar.services.auth.contract.events import SessionStarted
from samovar.services.auth.risk.domain import GUESSES_MIN
from tests.services.auth.conftest import Answer, Auth, new_address, new_email
from tests.services.auth.people import Person, new_person


async def risks_of(auth: Auth, account_id: str) -> list[tuple[str, ...]]:
    return [event.risk for event in await auth.events(SessionStarted, account_id)]


async def fail(person: Person, times: int) -> None:
    for _ in range(times):
        assert (await person.log_in(password="не тот пароль")).status == 401


async def trust(person: Person) -> None:
    """Let the person's device be trusted."""
    waiting = (await person.log_in(device_token=person.device_token)).body["mfa_token"]
    trusted: Answer = await person.answer(
        person.auth,
        waiting,
        "totp",
        code=person.code(),
        trust_device=True,
        device_token=person.device_token,
    )
    assert trusted.status == 200
    await person.wait_for_the_next_code()


async def test_strangers_who_guess_make_a_trusted_device_ask_and_shut_nobody_out(auth: Auth) -> None:
    person = await new_person(auth)
    await person.connect_app()
    await trust(person)
    await fail(person, GUESSES_MIN - 1)
    assert "access_token" in (await person.log_in(device_token=person.device_token)).body
    await fail(person, 1)
    asked = await person.log_in(device_token=person.device_token)
    assert "mfa_token" in asked.body
    came = await person.answer(
        auth, asked.body["mfa_token"], "totp", code=person.code(), device_token=person.device_token
    )
    assert came.status == 200
    assert (await risks_of(auth, person.account_id))[-1] == ("guessed",)


async def test_failures_of_long_ago_are_forgotten(auth: Auth) -> None:
    person = await new_person(auth)
    await person.connect_app()
    await trust(person)
    await fail(person, GUESSES_MIN)
    async with auth.database.transaction() as tx:
        # An id begins with its time: these are of an hour and a bit ago.
        await tx.execute(
            """
            UPDATE audit SET id = overlay(id::text PLACING lpad(to_hex(
                (extract(epoch FROM now() - interval '61 minutes') * 1000)::bigint >> 16), 8, '0') FROM 1 FOR 8)::uuid
            WHERE account_id = $1 AND outcome = 'refused'
            """,
            UUID(person.account_id),
        )
    assert "access_token" in (await person.log_in(device_token=person.device_token)).body


async def test_a_new_device_in_a_new_network_is_marked_and_one_at_home_is_not(auth: Auth) -> None:
    email, home = new_email(), new_address()
    account_id = (await auth.register(email=email, address=home)).body["account_id"]
    await auth.log_in(email, address=home.replace("::1", "::5"))
    await auth.log_in(email, address=new_address())
    assert await risks_of(auth, account_id) == [(), (), ("new_place",)]


async def test_an_account_that_slept_is_marked_unless_a_session_of_it_was_awake(auth: Auth) -> None:
    email, home = new_email(), new_address()
    came = (await auth.register(email=email, address=home)).body
    async with auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE devices SET last_seen_at = now() - interval '31 days' WHERE account_id = $1",
            UUID(came["account_id"]),
        )
    await auth.log_in(email, address=home)
    async with auth.database.transaction() as tx:
        for table, column in (("devices", "last_seen_at"), ("sessions", "rotated_at")):
            await tx.execute(
                f"UPDATE {table} SET {column} = now() - interval '31 days' WHERE account_id = $1",
                UUID(came["account_id"]),
            )
    await auth.log_in(email, address=home)
    assert await risks_of(auth, came["account_id"]) == [(), (), ("idle",)]
