"""What one can do with tags of apps."""

import contextlib
from uuid import UUID

import msgspec

from samovar.kit.cache import Cache
from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import Unavailable
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.services.catalog.apps import sight
from samovar.services.catalog.apps.domain import TagTie
from samovar.services.catalog.apps.names import cache_tag
from samovar.services.catalog.apps.tags import repository, weights
from samovar.services.catalog.apps.tags.errors import TagBanned, TagNotFound, TooManyTagVotes
from samovar.services.catalog.apps.tags.schemas import TagDecision, TagSeen, TagTied
from samovar.services.catalog.domain import TAG_BANNED, Language, Viewer
from samovar.services.catalog.errors import AppNotFound

VOTES_PER_APP_MAX = 10


class TagVotes:
    """The tags that players give."""

    def __init__(self, database: Database, *, cache: Cache, clock: Clock) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock

    async def shown(self, game: str, viewer: Viewer) -> list[TagSeen]:
        """Return the tags of an app, and which of them the viewer has given.

        Raises:
            AppNotFound: There is no such app, or it is not shown to the viewer.
            AgeRestricted: It is above the viewer's age level.
        """
        head = await sight.of(self._database, game, viewer)
        return await repository.list_shown(self._database, head.id, viewer.language, viewer.account_id)

    async def give(self, game: str, tag: str, caller: Caller, viewer: Viewer) -> None:
        """Give an app a tag; once more changes nothing.

        Raises:
            AppNotFound: As for `shown`.
            AgeRestricted: As for `shown`.
            TagNotFound: There is no such tag.
            TagBanned: A moderator has taken it from this app.
            TooManyTagVotes: The account has given this app as many as it may.
        """
        head = await sight.of(self._database, game, viewer)
        async with self._database.transaction() as tx:
            tie = await _lock(tx, head.id, tag)
            if tie.moderator_weight <= TAG_BANNED:
                raise TagBanned(f"{tag} on {game}")
            if not await repository.insert_vote(tx, head.id, tag, caller.account_id, self._clock.now()):
                return
            if await repository.count_votes(tx, head.id, caller.account_id) > VOTES_PER_APP_MAX:
                raise TooManyTagVotes(game, limit=VOTES_PER_APP_MAX)
            await weights.keep(tx, [msgspec.structs.replace(tie, player_votes=tie.player_votes + 1)])
        await _drop(self._cache, head.id)

    async def take_back(self, game: str, tag: str, caller: Caller, viewer: Viewer) -> None:
        """Take a tag back that one has given; where there is none, nothing changes.

        Raises:
            AppNotFound: As for `shown`.
            AgeRestricted: As for `shown`.
            TagNotFound: There is no such tag.
        """
        head = await sight.of(self._database, game, viewer)
        async with self._database.transaction() as tx:
            tie = await _lock(tx, head.id, tag)
            if not await repository.delete_vote(tx, head.id, tag, caller.account_id):
                return
            await weights.keep(tx, [msgspec.structs.replace(tie, player_votes=max(0, tie.player_votes - 1))])
        await _drop(self._cache, head.id)


class TagModeration:
    """What moderators say of tags."""

    def __init__(self, database: Database, *, cache: Cache, clock: Clock, new_id: IdSource) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock
        self._new_id = new_id

    async def tied(self, app_id: UUID, language: Language) -> list[TagTied]:
        """Return all that ties tags to an app."""
        return await repository.list_tied(self._database, app_id, language)

    async def decide(self, app_id: UUID, tag: str, decision: TagDecision, caller: Caller) -> None:
        """Add to the weight of a tag, take away from it, or ban it; the reason stays on record.

        Raises:
            AppNotFound: There is no such app.
            TagNotFound: There is no such tag.
        """
        weight = TAG_BANNED if decision.is_banned else decision.weight
        async with self._database.transaction() as tx:
            tie = msgspec.structs.replace(await _lock(tx, app_id, tag), moderator_weight=weight)
            await repository.insert_decision(
                tx,
                self._new_id(),
                tie,
                actor_id=caller.account_id,
                reason=decision.reason,
                now=self._clock.now(),
            )
            await weights.keep(tx, [tie])
        await _drop(self._cache, app_id)


async def _lock(tx: Transaction, app_id: UUID, tag: str) -> TagTie:
    """Return what ties a tag to an app, with nobody else changing it."""
    if not await repository.lock_apps(tx, [app_id]):
        raise AppNotFound(str(app_id))
    if not await repository.tag_exists(tx, tag):
        raise TagNotFound(tag)
    return await repository.find_tie(tx, app_id, tag) or TagTie(app_id=app_id, tag=tag)


async def _drop(cache: Cache, app_id: UUID) -> None:
    """Forget the pages that show the tag; while Redis is away they run out by themselves."""
    with contextlib.suppress(Unavailable):
        await cache.purge(cache_tag(app_id))
