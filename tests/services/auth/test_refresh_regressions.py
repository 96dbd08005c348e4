"""Five bugs that identity servers really had with refresh tokens, so that this one never has them.

Each is named in the research on Keycloak and Hydra: two rotations in a second revived an old token (keycloak 50999), reuse was not
noticed after a restart (keycloak 49426, CVE-2026-9802), reuse in one tab ended all of a person's sessions (keycloak 16081), the state lay
in a transient session and was lost (keycloak 52666), and parallel refreshes signed people out (hydra, `rotation_grace_period`).
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from redis.asyncio import Redis

from samovar.services.auth import domain
from samovar.services.auth.contract.events import SessionRevoked
from tests.services.auth.conftest import Auth, Installation, new_email
from tests.services.auth.test_sessions import refused_as


@pytest.fixture(scope="module")
async def other(installation: Installation) -> AsyncIterator[Auth]:
    """Run a second process of the same auth."""
    async with installation.process() as process:
        yield process


async def grow_old(auth: Auth, session_of: str, seconds: int) -> None:
    """Let a session's last rotation be `seconds` ago."""
    async with auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE sessions SET rotated_at = rotated_at - make_interval(secs => $2) WHERE account_id = $1",
            UUID(session_of),
            seconds,
        )


async def test_two_rotations_in_the_same_second_do_not_revive_an_old_token(auth: Auth) -> None:
    first = (await auth.register()).body
    second = (await auth.refresh(first["refresh_token"])).body
    third = (await auth.refresh(second["refresh_token"])).body
    assert (await auth.refresh(first["refresh_token"])).code == "auth.refresh_token_reused"
    assert (await auth.refresh(third["refresh_token"])).status == 401


async def test_reuse_is_noticed_after_a_restart_of_the_server(installation: Installation, auth: Auth) -> None:
    async with installation.process() as process:
        first = (await process.register()).body
        await process.refresh(first["refresh_token"])
    await grow_old(auth, first["account_id"], 60)
    async with installation.process() as process:
        assert (await process.refresh(first["refresh_token"])).code == "auth.refresh_token_reused"


async def test_reuse_in_one_tab_ends_that_family_and_no_other(auth: Auth, other: Auth) -> None:
    email = new_email()
    stolen = (await auth.register(email=email)).body
    bystander = (await auth.log_in(email)).body
    fresh = (await auth.refresh(stolen["refresh_token"])).body
    await grow_old(auth, stolen["account_id"], int(domain.REFRESH_GRACE.total_seconds()) + 1)
    assert (await other.refresh(stolen["refresh_token"])).code == "auth.refresh_token_reused"
    assert (await auth.refresh(fresh["refresh_token"])).code == "auth.refresh_token_invalid"
    assert (await auth.refresh(stolen["refresh_token"])).code == "auth.refresh_token_invalid"
    assert await refused_as(auth, fresh["access_token"]) == "auth.session_revoked"
    assert (await auth.me(bystander["access_token"])).status == 200
    assert (await auth.refresh(bystander["refresh_token"])).status == 200
    (event,) = await auth.events(SessionRevoked, stolen["account_id"])
    assert event.reason == "token_reuse"


async def test_the_state_of_a_family_outlives_everything_that_is_kept_in_memory(
    installation: Installation,
) -> None:
    async with installation.process() as process:
        first = (await process.register()).body
        second = (await process.refresh(first["refresh_token"])).body
    async with Redis.from_url(installation.redis_url) as redis:
        await redis.flushdb()
    async with installation.process() as process:
        third = await process.refresh(second["refresh_token"])
        assert third.status == 200
        assert (await process.refresh(first["refresh_token"])).code == "auth.refresh_token_reused"
        assert (await process.refresh(third.body["refresh_token"])).code == "auth.refresh_token_invalid"


async def test_parallel_refreshes_get_one_pair_and_sign_nobody_out(
    auth: Auth, other: Auth, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A busy machine may need longer for a thousand answers than a client's tabs ever would.
    monkeypatch.setattr(domain, "REFRESH_GRACE", timedelta(minutes=2))
    token = (await auth.register()).body["refresh_token"]
    # Both pools are filled first: while a process opens connections, one request would overtake all others.
    await asyncio.gather(*(process.log_in(new_email()) for process in (auth, other) for _ in range(12)))
    answers = await asyncio.gather(*((auth, other)[n % 2].refresh(token) for n in range(1_000)))
    assert {answer.status for answer in answers} == {200}
    assert len({(answer.body["access_token"], answer.body["refresh_token"]) for answer in answers}) == 1
    assert (await other.refresh(answers[0].body["refresh_token"])).status == 200
