"""Catalog with games, owners and friends of numbers, for tests of reviews."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import grpc.aio
import msgspec

from samovar.services.account.contract.v1_pb2 import BatchGetProfilesResponse, Profile
from samovar.services.account.contract.v1_pb2_grpc import ProfilesServicer
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked
from samovar.services.library.contract.v1_pb2 import BatchCheckResponse, Holding
from samovar.services.library.contract.v1_pb2_grpc import LicencesServicer
from samovar.testing.hosting import Answer, Running
from tests.services.catalog.pages import publish

SAID: dict[str, Any] = {"recommended": True, "text": "Хорошая игра.", "language": "ru"}


class LibraryPeer(LicencesServicer):
    """Library, as far as it is asked.

    Attributes:
        minutes: How long an account has played an app that it has; none where that is not counted.
        silent: It takes calls and never answers.
    """

    def __init__(self) -> None:
        self.minutes: dict[tuple[str, str], int | None] = {}
        self.silent = False

    async def BatchCheck(self, request: Any, context: Any) -> BatchCheckResponse:  # noqa: ARG002, N802
        """Return what is held."""
        if self.silent:
            await asyncio.Event().wait()
        holdings = {}
        for app_id in request.app_ids:
            key = (request.account_id, app_id)
            holdings[app_id] = Holding(owned=key in self.minutes, play_minutes=self.minutes.get(key))
        return BatchCheckResponse(holdings=holdings)


class AccountPeer(ProfilesServicer):
    """Account, as far as it is asked.

    Attributes:
        names: By account; whoever is not there is unknown.
        calls: How many ids each call named.
    """

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.calls: list[int] = []
        self.away = False

    async def BatchGetProfiles(self, request: Any, context: Any) -> BatchGetProfilesResponse:  # noqa: N802
        """Return who is known."""
        if self.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")
        self.calls.append(len(request.account_ids))
        return BatchGetProfilesResponse(
            profiles={
                account_id: Profile(
                    display_name=self.names[account_id], avatar_url=f"/v1/avatars/{account_id}"
                )
                for account_id in request.account_ids
                if account_id in self.names
            }
        )


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of an app, kept or folded anew."""

    reviews: int
    positive: int
    negative: int
    positive_30d: int
    negative_30d: int


class Shop:
    """What a test does with catalog."""

    def __init__(self, catalog: Running, library: LibraryPeer, account: AccountPeer) -> None:
        self.catalog = catalog
        self.library = library
        self.account = account
        self.database = catalog.database

    async def game(self, **fields: Any) -> UUID:
        """Publish a game; `fields` are those of its page."""
        return await publish(self.database, f"game-{uuid4().hex[:12]}", **fields)

    async def person(self, name: str | None = "Анна", *, age_level: int = 18) -> UUID:
        """Let somebody in whose age is known."""
        account_id = uuid4()
        if name:
            self.account.names[str(account_id)] = name
        async with self.database.transaction() as tx:
            await tx.execute(
                "INSERT INTO viewers (account_id, age_level) VALUES ($1, $2)", account_id, age_level
            )
        return account_id

    def licence(self, account_id: UUID, app_id: UUID, kind: str = "purchase") -> LicenceGranted:
        """Return the event of a new licence."""
        return LicenceGranted(
            licence_id=uuid4(),
            account_id=account_id,
            app_ids=(app_id,),
            kind=kind,
            granted_at=datetime.now(UTC),
        )

    async def own(
        self, account_id: UUID, app_id: UUID, *, kind: str = "purchase", minutes: int | None = None
    ) -> LicenceGranted:
        """Give somebody a game, and wait until catalog knows."""
        event = self.licence(account_id, app_id, kind)
        self.library.minutes[str(account_id), str(app_id)] = minutes
        await self.tell(event)
        return event

    async def tell(self, event: LicenceGranted | LicenceRevoked) -> None:
        """Send an event of library, and wait until catalog has applied it."""
        event_id = uuid4()
        await self.catalog.announce(event, event_id=event_id)
        await self.applied(event_id)

    async def applied(self, event_id: UUID) -> None:
        """Wait until catalog has applied an event of library."""
        await self.catalog.until(
            "SELECT true FROM kit.inbox WHERE event_id = $1 AND consumer LIKE '%own_apps'", event_id
        )

    async def owner(self, app_id: UUID, name: str | None = "Анна", **held: Any) -> UUID:
        """Let somebody in who has a game."""
        account_id = await self.person(name)
        await self.own(account_id, app_id, **held)
        return account_id

    async def post(self, account_id: UUID, app_id: UUID, **said: Any) -> Answer:
        """Write a review; `said` is what differs from a usual one."""
        return await self.catalog.request(
            "POST", f"/v1/games/{app_id}/reviews", account_id=account_id, json=SAID | said
        )

    async def reviewed(self, app_id: UUID, **said: Any) -> tuple[UUID, str]:
        """Let a new owner review a game; return who, and the id of the review."""
        account_id = await self.owner(app_id)
        answer = await self.post(account_id, app_id, **said)
        assert answer.status == 201, answer.body
        return account_id, answer.body["id"]

    async def ask(self, method: str, path: str, account_id: UUID | None = None, **more: Any) -> Answer:
        """Ask catalog."""
        return await self.catalog.request(method, path, account_id=account_id, **more)

    async def counted(self, app_id: UUID) -> Counted:
        """Return the counts of an app, which are those of its reviews counted anew."""
        kept = await self.database.fetch_one(
            """
            SELECT reviews, positive, negative, positive_30d, negative_30d FROM review_scores WHERE app_id = $1
            """,
            app_id,
            into=Counted,
        )
        folded = await self.database.fetch_one(
            """
            WITH shown AS (SELECT * FROM reviews WHERE app_id = $1 AND hidden_at IS NULL),
            counted AS (SELECT * FROM shown WHERE refunded_at IS NULL AND acquired_as IN ('purchase', 'free_game')),
            recent AS (
                SELECT * FROM counted WHERE (created_at AT TIME ZONE 'UTC')::date > (now() AT TIME ZONE 'UTC')::date - 30
            )
            SELECT (SELECT count(*) FROM shown) AS reviews,
                (SELECT count(*) FROM counted WHERE recommended) AS positive,
                (SELECT count(*) FROM counted WHERE NOT recommended) AS negative,
                (SELECT count(*) FROM recent WHERE recommended) AS positive_30d,
                (SELECT count(*) FROM recent WHERE NOT recommended) AS negative_30d
            """,
            app_id,
            into=Counted,
        )
        assert folded == (kept or Counted(reviews=0, positive=0, negative=0, positive_30d=0, negative_30d=0))
        days = await self.database.fetch_value(
            "SELECT sum(positive)::int = $2 AND sum(negative)::int = $3 FROM review_days WHERE app_id = $1",
            app_id,
            folded.positive,
            folded.negative,
        )
        languages = await self.database.fetch_value(
            """
            SELECT sum(positive)::int = $2 AND sum(negative)::int = $3 FROM review_language_scores WHERE app_id = $1
            """,
            app_id,
            folded.positive,
            folded.negative,
        )
        assert days is not False
        assert languages is not False
        return folded


def refund(granted: LicenceGranted, reason: str = "refunded") -> LicenceRevoked:
    """Return the event that ends a licence."""
    return LicenceRevoked(
        licence_id=granted.licence_id,
        account_id=granted.account_id,
        app_ids=granted.app_ids,
        kind=granted.kind,
        granted_at=granted.granted_at,
        revoked_at=datetime.now(UTC),
        reason=reason,
    )
