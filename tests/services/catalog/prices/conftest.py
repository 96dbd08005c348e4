"""Games with packages and prices, written straight into the tables, and clocks that a test turns."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from samovar.kit.database import Database
from samovar.kit.identity import RoleGrant
from samovar.testing.hosting import Answer, Running

EVERYWHERE: dict[str, Any] = {"only_in": None, "except_in": []}
START = datetime(2026, 3, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)
_APP = """
    INSERT INTO apps (id, slug, kind, organisation_id, state, stage, released_on, title, age_rating, document, version, origin,
                      origin_key, created_at, updated_at)
    VALUES ($1, $2, 'game', $3, 'published', $4, $5, $2, 0, '{}', 1, $6, $2, $7, $7)
"""
_PACKAGE = """
    INSERT INTO packages (id, slug, app_id, organisation_id, names, place, state, is_preorder, sold, activatable, version, created_at,
                          updated_at)
    VALUES ($1, $2, $3, $4, '{"ru": "Игра"}', $5, $6, $7, $8, $9, 1, $10, $10)
"""
_BASE = """
    INSERT INTO base_prices (id, package_id, region, amount, currency, since, until, is_raised)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_DISCOUNT = """
    INSERT INTO discounts (id, package_id, kind, percent, starts_at, ends_at, ended_at, rules_version, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $5)
"""


class HeldClock:
    """A clock that stands until a test turns it."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return the time that a test set."""
        return self.at

    def monotonic(self) -> float:
        """Return the same time as seconds."""
        return self.at.timestamp()


async def game(
    database: Database,
    *,
    stage: str = "released",
    out_at: datetime = START - 400 * DAY,
    organisation_id: UUID | None = None,
    origin: str = "own",
) -> UUID:
    """Write a published game and return its id."""
    app_id = uuid4()
    async with database.transaction() as tx:
        slug = f"game-{app_id.hex[:12]}"
        await tx.execute(_APP, app_id, slug, organisation_id, stage, out_at.date(), origin, out_at)
    return app_id


async def belong(database: Database, app_id: UUID, base_id: UUID, kind: str = "dlc") -> None:
    """Let an app be DLC of a game, or something else that belongs to it."""
    async with database.transaction() as tx:
        await tx.execute("UPDATE apps SET kind = $2, base_app_id = $3 WHERE id = $1", app_id, kind, base_id)


async def package(
    database: Database,
    app_id: UUID,
    *,
    place: int = 0,
    state: str = "on_sale",
    is_preorder: bool = False,
    sold: dict[str, Any] = EVERYWHERE,
    activatable: dict[str, Any] = EVERYWHERE,
    organisation_id: UUID | None = None,
) -> UUID:
    """Write a package with this one app and return its id."""
    package_id = uuid4()
    async with database.transaction() as tx:
        await tx.execute(
            _PACKAGE,
            package_id,
            f"package-{package_id.hex[:12]}",
            app_id,
            organisation_id,
            place,
            state,
            is_preorder,
            sold,
            activatable,
            START - 400 * DAY,
        )
        await tx.execute(
            "INSERT INTO package_apps (package_id, app_id, place) VALUES ($1, $2, 0)", package_id, app_id
        )
    return package_id


async def cost(
    database: Database,
    package_id: UUID,
    region: str,
    amount: int | None,
    *,
    currency: str = "RUB",
    since: datetime = START - 300 * DAY,
    until: datetime | None = None,
    is_raised: bool = False,
) -> None:
    """Write a base price."""
    async with database.transaction() as tx:
        await tx.execute(_BASE, uuid4(), package_id, region, amount, currency, since, until, is_raised)


async def reduce(
    database: Database,
    package_id: UUID,
    percent: int,
    starts_at: datetime,
    ends_at: datetime,
    *,
    kind: str = "custom",
    ended_at: datetime | None = None,
) -> UUID:
    """Write a discount and return its id."""
    discount_id = uuid4()
    async with database.transaction() as tx:
        await tx.execute(_DISCOUNT, discount_id, package_id, kind, percent, starts_at, ends_at, ended_at)
    return discount_id


class Studio(msgspec.Struct, frozen=True):
    """A developer with a game and its standard package."""

    account_id: UUID
    organisation_id: UUID
    app_id: UUID
    package_id: UUID

    async def request(self, catalog: Running, method: str, path: str, **more: Any) -> Answer:
        """Ask for something under the game as its owner, unless told otherwise."""
        more.setdefault("roles", ("player", "developer"))
        more.setdefault("grants", (RoleGrant("owner", self.organisation_id),))
        return await catalog.request(
            method, f"/v1/dev/apps/{self.app_id}/{path}", account_id=self.account_id, **more
        )


async def studio(
    catalog: Running, *, stage: str = "released", out_at: datetime = START - 400 * DAY
) -> Studio:
    """Write a game of an organisation of its own."""
    organisation_id = uuid4()
    app_id = await game(catalog.database, stage=stage, out_at=out_at, organisation_id=organisation_id)
    package_id = await package(catalog.database, app_id, organisation_id=organisation_id)
    return Studio(uuid4(), organisation_id, app_id, package_id)
