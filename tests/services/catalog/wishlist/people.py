"""What a test of wishlists does with catalog."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from samovar.services.library.contract.events import LicenceGranted
from samovar.testing.hosting import Answer, Running
from tests.services.catalog.pages import publish
from tests.services.catalog.prices.conftest import cost, package


class Store:
    """Catalog, and people who look at it."""

    def __init__(self, catalog: Running) -> None:
        self.catalog = catalog
        self.database = catalog.database

    async def ask(self, method: str, path: str, account_id: UUID | None = None, **more: Any) -> Answer:
        """Ask catalog."""
        return await self.catalog.request(method, path, account_id=account_id, **more)

    async def person(self, *, age_level: int = 18, country: str | None = None) -> UUID:
        """Let somebody in whose age is known."""
        account_id = uuid4()
        async with self.database.transaction() as tx:
            await tx.execute(
                "INSERT INTO viewers (account_id, age_level, country) VALUES ($1, $2, $3)",
                account_id,
                age_level,
                country,
            )
        return account_id

    async def game(self, *, amount: int | None = None, **fields: Any) -> UUID:
        """Publish a game, on sale in Russia when it has a price; `fields` are those of its page."""
        app_id = await publish(self.database, f"game-{uuid4().hex[:12]}", **fields)
        if amount is not None:
            await cost(self.database, await package(self.database, app_id), "RU", amount)
        return app_id

    async def give(self, account_id: UUID, app_id: UUID, kind: str = "purchase") -> None:
        """Give somebody a game, and wait until catalog knows."""
        event_id = uuid4()
        event = LicenceGranted(
            licence_id=uuid4(),
            account_id=account_id,
            app_ids=(app_id,),
            kind=kind,
            granted_at=datetime.now(UTC),
        )
        await self.catalog.announce(event, event_id=event_id)
        await self.catalog.until(
            "SELECT true FROM kit.inbox WHERE event_id = $1 AND consumer LIKE '%own_apps'", event_id
        )

    async def wish(self, account_id: UUID, *app_ids: UUID) -> None:
        """Put games on somebody's list, in this order."""
        for app_id in app_ids:
            answer = await self.ask("PUT", f"/v1/wishlist/{app_id}", account_id)
            assert answer.status == 200, answer.body

    async def wished(self, account_id: UUID, query: str = "") -> list[UUID]:
        """Return the games of somebody's list in the order in which they are shown; ranks have no gaps."""
        answer = await self.ask("GET", f"/v1/wishlist?limit=100&{query}", account_id)
        assert answer.status == 200, answer.body
        ranks = await self.database.fetch_value(
            """
            SELECT array_agg(rank ORDER BY rank) = array_agg(place::int ORDER BY rank) FROM (
                SELECT rank, row_number() OVER (ORDER BY rank) AS place FROM wishes WHERE account_id = $1
            ) AS ordered
            """,
            account_id,
        )
        assert ranks is not False
        counted = await self.database.fetch_value(
            """
            SELECT wishes = (SELECT count(*) FROM wishes WHERE account_id = $1)
                AND ignored = (SELECT count(*) FROM ignored_apps WHERE account_id = $1)
                AND followed = (SELECT count(*) FROM followed_creators WHERE account_id = $1)
            FROM wishers WHERE account_id = $1
            """,
            account_id,
        )
        assert counted is not False
        return [UUID(item["game"]["id"]) for item in answer.body["items"]]
