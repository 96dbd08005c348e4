"""Who may pass a route's door."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from samovar.kit.errors import Forbidden, Unauthenticated
from samovar.kit.identity import Permissions, StepUpRequired, TokenInvalid
from samovar.kit.identity.revocations import Revocations
from samovar.kit.rest.gatekeeper import Gatekeeper
from samovar.kit.rest.problems import headers_of
from samovar.kit.routes import Policy, StepUp
from samovar.testing.clock import FakeClock
from tests.kit.identity.forge import Forge

PUBLIC, PLAYER, STAFF = Policy(auth="public"), Policy(auth="player"), Policy(auth="staff")
UPLOAD = Policy(auth="developer", permissions=("developer.build.upload",))


@pytest.fixture
async def issuer(clock: FakeClock) -> AsyncIterator[Forge]:
    async with Forge(clock) as issuer:
        yield issuer


@pytest.fixture
def gatekeeper(issuer: Forge, redis: Redis, clock: FakeClock) -> Gatekeeper:
    verifier = issuer.verifier(Revocations(redis, clock))
    return Gatekeeper(verifier, Permissions({"developer.build.upload": ("developer",)}), clock)


async def test_an_open_route_looks_at_no_token_that_it_does_not_need(gatekeeper: Gatekeeper) -> None:
    assert await gatekeeper.admit("Bearer stale", PUBLIC, asks_caller=False) is None
    assert await gatekeeper.admit(None, PUBLIC, asks_caller=True) is None
    with pytest.raises(TokenInvalid):
        await gatekeeper.admit("Bearer stale", PUBLIC, asks_caller=True)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic YTpi", "bearer\ttoken"])
async def test_without_a_bearer_token_nobody_passes(gatekeeper: Gatekeeper, header: str | None) -> None:
    with pytest.raises(Unauthenticated):
        await gatekeeper.admit(header, PLAYER, asks_caller=True)


async def test_the_scheme_may_be_written_in_any_case(gatekeeper: Gatekeeper, issuer: Forge) -> None:
    caller = await gatekeeper.admit(f"bEARER {issuer.token()}", PLAYER, asks_caller=True)
    assert caller
    assert caller.roles == ("player",)


async def test_another_kind_of_caller_is_refused(gatekeeper: Gatekeeper, issuer: Forge) -> None:
    with pytest.raises(Forbidden):
        await gatekeeper.admit(f"Bearer {issuer.token()}", STAFF, asks_caller=True)


async def test_a_narrowed_token_opens_what_it_names_and_nothing_else(
    gatekeeper: Gatekeeper, issuer: Forge
) -> None:
    header = f"Bearer {issuer.token(roles=['player', 'developer'], scope='developer.build.*')}"
    assert await gatekeeper.admit(header, UPLOAD, asks_caller=True)
    with pytest.raises(Forbidden):
        await gatekeeper.admit(header, PLAYER, asks_caller=True)
    assert await gatekeeper.admit(header, PUBLIC, asks_caller=True)


async def test_a_proof_of_long_ago_does_not_open_what_needs_a_fresh_one(
    gatekeeper: Gatekeeper, issuer: Forge, clock: FakeClock
) -> None:
    fresh = Policy(auth="player", step_up=StepUp(max_age_s=300))
    now = int(clock.now().timestamp())
    assert await gatekeeper.admit(f"Bearer {issuer.token(auth_time=now - 300)}", fresh, asks_caller=True)
    with pytest.raises(StepUpRequired) as refused:
        await gatekeeper.admit(f"Bearer {issuer.token(auth_time=now - 301)}", fresh, asks_caller=True)
    assert headers_of(refused.value)["WWW-Authenticate"] == (
        'Bearer error="insufficient_user_authentication", acr_values="aal1", max_age="300"'
    )


async def test_one_factor_does_not_open_what_needs_two(gatekeeper: Gatekeeper, issuer: Forge) -> None:
    strong = Policy(auth="player", step_up=StepUp(max_age_s=300, acr="aal2"))
    assert await gatekeeper.admit(f"Bearer {issuer.token(acr='aal2')}", strong, asks_caller=True)
    with pytest.raises(StepUpRequired):
        await gatekeeper.admit(f"Bearer {issuer.token(acr='aal1')}", strong, asks_caller=True)


@pytest.mark.parametrize("acr", ["aal1", "aal2"])
async def test_an_api_key_proves_nobody_however_fresh_its_token_is(
    gatekeeper: Gatekeeper, issuer: Forge, clock: FakeClock, acr: str
) -> None:
    policy = Policy(
        auth="developer", permissions=UPLOAD.permissions, step_up=StepUp(max_age_s=300, acr="aal1")
    )
    now = int(clock.now().timestamp())
    roles = ["player", "developer"]
    person = issuer.token(roles=roles, auth_time=now, acr=acr)
    key = issuer.token(roles=roles, auth_time=now, acr=acr, amr=["key"], scope="developer.*")
    assert await gatekeeper.admit(f"Bearer {person}", policy, asks_caller=True)
    assert await gatekeeper.admit(f"Bearer {key}", UPLOAD, asks_caller=True)
    with pytest.raises(StepUpRequired):
        await gatekeeper.admit(f"Bearer {key}", policy, asks_caller=True)


@pytest.fixture
def strict(issuer: Forge, redis: Redis, clock: FakeClock) -> Gatekeeper:
    """Return the gatekeeper of an installation whose staff must give two factors."""
    verifier = issuer.verifier(Revocations(redis, clock))
    return Gatekeeper(verifier, Permissions({}), clock, staff_proves_twice=True)


async def test_staff_pass_after_two_factors_of_the_same_working_day(
    strict: Gatekeeper, gatekeeper: Gatekeeper, issuer: Forge, clock: FakeClock
) -> None:
    roles = ["player", "support"]
    now = int(clock.now().timestamp())
    one_factor = f"Bearer {issuer.token(roles=roles, acr='aal1')}"
    assert await gatekeeper.admit(one_factor, STAFF, asks_caller=True)
    assert await strict.admit(one_factor, PLAYER, asks_caller=True)
    with pytest.raises(StepUpRequired) as refused:
        await strict.admit(one_factor, STAFF, asks_caller=True)
    assert refused.value.params["acr"] == "aal2"
    yesterday = f"Bearer {issuer.token(roles=roles, acr='aal2', auth_time=now - 43_201)}"
    with pytest.raises(StepUpRequired):
        await strict.admit(yesterday, STAFF, asks_caller=True)
    today = f"Bearer {issuer.token(roles=roles, acr='aal2', auth_time=now - 43_000)}"
    assert await strict.admit(today, STAFF, asks_caller=True)


async def test_two_factors_make_nobody_staff(strict: Gatekeeper, issuer: Forge) -> None:
    with pytest.raises(Forbidden):
        await strict.admit(f"Bearer {issuer.token(acr='aal2')}", STAFF, asks_caller=True)
