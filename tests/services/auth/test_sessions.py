"""Refresh tokens in families: parallel calls agree, reuse is theft, a revocation reaches every process."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from samovar.services.auth import domain
from samovar.services.auth.contract.events import SessionRevoked
from tests.services.auth.conftest import Auth, Installation, new_email

WAIT_S = 10.0


@pytest.fixture(scope="module")
async def other(installation: Installation) -> AsyncIterator[Auth]:
    """Run a second process of the same auth."""
    async with installation.process() as process:
        yield process


async def refused_as(auth: Auth, token: str) -> str:
    """Wait until a process refuses an access token, and return as what."""
    async with asyncio.timeout(WAIT_S):
        while (answer := await auth.me(token)).status == 200:  # noqa: ASYNC110  news of another process
            await asyncio.sleep(0.02)
    return answer.code


async def test_a_refresh_gives_a_pair_that_works(auth: Auth) -> None:
    first = (await auth.register()).body
    second = await auth.refresh(first["refresh_token"])
    assert second.status == 200
    assert set(second.body) == {"access_token", "refresh_token", "expires_in"}
    assert second.body["access_token"] != first["access_token"]
    assert (await auth.me(second.body["access_token"])).body["account_id"] == first["account_id"]
    assert (await auth.refresh(second.body["refresh_token"])).status == 200


async def test_a_logout_is_known_in_every_process(auth: Auth, other: Auth) -> None:
    tokens = (await auth.register()).body
    assert (await other.me(tokens["access_token"])).status == 200
    await auth.ask("POST", "/v1/auth/logout", token=tokens["access_token"])
    assert await refused_as(other, tokens["access_token"]) == "auth.session_revoked"


async def test_a_session_that_nobody_used_for_long_is_over(auth: Auth) -> None:
    tokens = (await auth.register()).body
    async with auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE sessions SET expires_at = now() WHERE account_id = $1", UUID(tokens["account_id"])
        )
    assert (await auth.refresh(tokens["refresh_token"])).code == "auth.refresh_token_invalid"


async def test_a_refresh_token_cannot_be_made_up(auth: Auth) -> None:
    tokens = (await auth.register()).body
    genuine: str = tokens["refresh_token"]
    raw = base64.urlsafe_b64decode(genuine.removeprefix("smvr_") + "==")
    forged = [
        raw[:-1] + bytes([raw[-1] ^ 1]),
        raw[:16] + (1).to_bytes(4, "big") + raw[20:],
        bytes(16) + raw[16:],
        raw[:-1],
        b"",
    ]
    texts = ["smvr_" + base64.urlsafe_b64encode(one).decode().rstrip("=") for one in forged]
    for text in [*texts, genuine + "=", genuine.upper(), "smvr_" + genuine, genuine[5:], "", "é", "\x00"]:
        answer = await auth.refresh(text)
        assert (answer.status, answer.code) == (401, "auth.refresh_token_invalid")
    assert (await auth.refresh(genuine)).status == 200


async def test_an_account_keeps_so_many_sessions_and_no_more(auth: Auth) -> None:
    email = new_email()
    oldest = (await auth.register(email=email)).body
    account_id = UUID(oldest["account_id"])
    async with auth.database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO sessions (id, account_id, amr, acr, authenticated_at, rotated_at, expires_at, seed)
            SELECT gen_random_uuid(), $1, '{pwd}', 'aal1', now(), now() + interval '1 s', now() + interval '1 d', ''
            FROM generate_series(1, $2)
            """,
            account_id,
            domain.SESSIONS_PER_ACCOUNT_MAX - 1,
        )
    newest = (await auth.log_in(email)).body
    (event,) = await auth.events(SessionRevoked, account_id)
    assert event.reason == "too_many_sessions"
    assert (await auth.refresh(oldest["refresh_token"])).status == 401
    assert (await auth.refresh(newest["refresh_token"])).status == 200


async def test_sessions_of_long_ago_are_deleted(installation: Installation, auth: Auth) -> None:
    tokens = (await auth.register()).body
    account_id = UUID(tokens["account_id"])
    long_ago = domain.first_id_at(datetime.now(UTC) - timedelta(days=181))
    async with auth.database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO sessions (id, account_id, amr, acr, authenticated_at, rotated_at, expires_at, seed)
            VALUES ($1, $2, '{pwd}', 'aal1', now(), now(), now(), '')
            """,
            long_ago,
            account_id,
        )
        await tx.execute("UPDATE kit.jobs SET next_run_at = now() WHERE name = 'forget_old_sessions'")
    async with installation.process(), asyncio.timeout(WAIT_S):
        while await auth.database.fetch_value(  # noqa: ASYNC110  a job of another process
            "SELECT count(*) FROM sessions WHERE id = $1", long_ago
        ):
            await asyncio.sleep(0.02)
    count = await auth.database.fetch_value("SELECT count(*) FROM sessions WHERE account_id = $1", account_id)
    assert count == 1
