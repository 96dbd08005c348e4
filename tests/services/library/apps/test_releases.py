"""Who waits for a release: everybody but those who make the game, and nobody where nothing is known of it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.errors import Unavailable
from samovar.kit.identity import Caller, RoleGrant
from samovar.kit.settings import Secret
from samovar.services.library.apps import repository
from samovar.services.library.apps.releases import Releases
from samovar.services.library.apps.schemas import AppCopy
from tests.services.library.apps.announcing import announce, copy_of

STUDIO = uuid4()
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


def caller(*grants: str, roles: tuple[str, ...] = ("player", "developer")) -> Caller:
    return Caller(
        account_id=uuid4(),
        session_id=uuid4(),
        roles=roles,
        grants=tuple(RoleGrant.parse(grant) for grant in grants),
        auth_time=NOON,
        expires_at=NOON,
        token=Secret("token"),
    )


PLAYER = caller(roles=("player",))


class Catalog:
    """A catalog that is away until it is told of an app."""

    def __init__(self) -> None:
        self.apps: dict[UUID, AppCopy] = {}

    async def find(self, app_ids: Sequence[UUID]) -> dict[UUID, AppCopy]:
        """Return what is known of apps."""
        if not self.apps:
            raise Unavailable("catalog is away")
        return {app_id: self.apps[app_id] for app_id in app_ids if app_id in self.apps}


@pytest.fixture
def catalog() -> Catalog:
    return Catalog()


@pytest.fixture
def releases(own_database: Database, catalog: Catalog) -> Releases:
    return Releases(own_database, catalog=catalog)


async def test_what_is_announced_is_waited_for(own_database: Database, releases: Releases) -> None:
    app_id = await announce(own_database, organisation_id=STUDIO)
    assert await releases.must_wait(PLAYER, app_id)
    assert await releases.must_wait(caller(f"owner@{uuid4()}"), app_id)
    for stage, version in (("early_access", 2), ("released", 3)):
        await announce(own_database, app_id, stage=stage, organisation_id=STUDIO, version=version)
        assert not await releases.must_wait(PLAYER, app_id)


@pytest.mark.parametrize("level", ["owner", "editor", "viewer"])
async def test_those_who_make_it_do_not_wait(own_database: Database, releases: Releases, level: str) -> None:
    base_id = await announce(own_database, organisation_id=STUDIO)
    app_id = await announce(own_database, organisation_id=STUDIO, base_app_id=base_id)
    assert not await releases.must_wait(caller(f"{level}@{STUDIO}"), app_id)
    for game_id, waits in ((app_id, False), (base_id, False), (uuid4(), True)):
        assert await releases.must_wait(caller(f"{level}@{STUDIO}/{game_id}"), app_id) == waits
    nobodys = await announce(own_database)
    assert await releases.must_wait(caller(f"{level}@{STUDIO}"), nobodys)


async def test_a_release_that_is_not_copied_yet_opens_the_game(
    own_database: Database, releases: Releases, catalog: Catalog
) -> None:
    app_id = await announce(own_database, organisation_id=STUDIO)
    for stage, waits in (("coming_soon", True), ("released", False)):
        catalog.apps[app_id] = copy_of(app_id, stage=stage, version=2)
        assert await releases.must_wait(PLAYER, app_id) == waits


async def test_nobody_waits_for_what_is_not_known(own_database: Database, releases: Releases) -> None:
    assert not await releases.must_wait(PLAYER, uuid4())
    told: UUID = uuid4()
    async with own_database.transaction() as tx:
        await repository.note(tx, [told], 3)
    assert not await releases.must_wait(PLAYER, told)
