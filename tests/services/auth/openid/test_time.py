"""What time does to browsers' sessions, codes and notices."""

import asyncio
from datetime import timedelta

from tests.services.auth.conftest import Installation
from tests.services.auth.openid.conftest import Issuer, Program, query_of

WAIT_S = 20.0
OF_BROWSER = "account_id = $1 AND kind = 'sign_in' AND ended_at IS NULL AND id IN (SELECT parent_id FROM authorization_codes WHERE account_id = $1)"


async def test_a_browser_in_use_stays_signed_in_and_one_that_is_not_does_not(
    issuer: Issuer, program: Program
) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        await browser.authorize(person, query_of(program))
        async with issuer.database.transaction() as tx:
            moved = f"UPDATE sessions SET rotated_at = rotated_at - $2::interval, expires_at = expires_at - $2::interval WHERE {OF_BROWSER}"
            assert await tx.execute(moved, person.account_id, timedelta(days=29)) == 1
        assert "code" in (await browser.get("/oauth2/authorize", **query_of(program))).params
        left = f"SELECT expires_at > now() + interval '29 days' FROM sessions WHERE {OF_BROWSER}"
        assert await issuer.database.fetch_value(left, person.account_id) is True
        async with issuer.database.transaction() as tx:
            assert await tx.execute(moved, person.account_id, timedelta(days=31)) == 1
        asked = await browser.get("/oauth2/authorize", **query_of(program))
    assert "/oauth2/sign-in" in asked.text


async def test_old_codes_and_notices_are_forgotten(
    issuer: Issuer, program: Program, of_its_own: Installation
) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        await browser.authorize(person, query_of(program))
    async with issuer.database.transaction() as tx:
        old = "UPDATE authorization_codes SET expires_at = now() - interval '2 days' WHERE account_id = $1"
        assert await tx.execute(old, person.account_id) == 1
        await tx.execute(
            """
            INSERT INTO logout_notices (id, client_id, account_id, grant_id, uri, state, next_attempt_at, expires_at, settled_at)
            VALUES (gen_random_uuid(), $1, $2, gen_random_uuid(), 'https://game.example/', 'told', now(), now(), now() - interval '31 days')
            """,
            program.id,
            person.account_id,
        )
        await tx.execute(
            "UPDATE kit.jobs SET next_run_at = now() WHERE name IN ('forget_old_codes', 'forget_old_notices')"
        )
    # A process that has just started takes the turns that are due.
    async with of_its_own.process(allow_private_callbacks="true"):
        for table in ("authorization_codes", "logout_notices"):
            count = f"SELECT count(*) FROM {table} WHERE account_id = $1"
            async with asyncio.timeout(WAIT_S):
                while await issuer.database.fetch_value(count, person.account_id):  # noqa: ASYNC110  a job works on it
                    await asyncio.sleep(0.05)
            assert await issuer.database.fetch_value(count, person.account_id) == 0
