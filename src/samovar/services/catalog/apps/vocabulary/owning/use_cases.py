"""What organisations do with their creators: the names under which their games are credited."""

from uuid import UUID

import msgspec
from msgspec import UNSET

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.kit.rest.etags import require_match
from samovar.kit.text.visible import is_visible_line
from samovar.services.catalog.apps.vocabulary.owning import repository
from samovar.services.catalog.apps.vocabulary.owning.errors import CreatorSlugTaken, TooManyCreators
from samovar.services.catalog.apps.vocabulary.owning.schemas import (
    CreatorKey,
    CreatorPatch,
    NewCreator,
    OwnCreator,
)
from samovar.services.catalog.contract.editing_events import CreatorChanged
from samovar.services.catalog.errors import CreatorNotFound
from samovar.services.catalog.rights import Rights
from samovar.services.catalog.search import marks

CREATORS_PER_ORGANISATION_MAX = 50
IDS_PER_EVENT_MAX = 500


class OwnCreators:
    """The creators of organisations. Those of nobody, which were imported, are looked after by staff."""

    def __init__(
        self,
        database: Database,
        *,
        rights: Rights,
        clock: Clock,
        new_id: IdSource,
        creators_max: int = CREATORS_PER_ORGANISATION_MAX,
    ) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock
        self._new_id = new_id
        self._creators_max = creators_max

    async def list_of(
        self, caller: Caller, organisation_id: UUID, cursor: str | None, limit: int
    ) -> Page[OwnCreator]:
        """Return the creators of an organisation, the newest first; a stranger gets an empty list.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, CreatorKey)
        if not self._rights.allow(caller, "viewer", organisation_id=organisation_id):
            return Page([], None)
        rows = await repository.list_of(
            self._database, organisation_id, after.id if after else None, limit + 1
        )
        return page_of(rows, limit, lambda row: CreatorKey(row.id))

    async def make(self, caller: Caller, wanted: NewCreator) -> OwnCreator:
        """Make a creator.

        Raises:
            CreatorNotFound: The organisation is not the caller's.
            InvalidInput: There is nothing to see in the name.
            TooManyCreators: The organisation has as many as it may.
            CreatorSlugTaken: Another creator has the slug.
        """
        if not self._rights.allow(caller, "editor", organisation_id=wanted.organisation_id):
            raise CreatorNotFound(f"no right in {wanted.organisation_id}")
        _require_lines(wanted.name, wanted.website)
        creator = OwnCreator(
            id=self._new_id(),
            slug=wanted.slug,
            name=wanted.name,
            website=wanted.website,
            organisation_id=wanted.organisation_id,
            version=1,
        )
        async with self._database.transaction() as tx:
            if await repository.count_creators(tx, wanted.organisation_id) >= self._creators_max:
                raise TooManyCreators(limit=self._creators_max)
            now = self._clock.now()
            if not await repository.add_creator(tx, creator, now):
                raise CreatorSlugTaken(slug=creator.slug)
            await repository.note_version(tx, creator, caller.account_id, now)
        return creator

    async def change(
        self, caller: Caller, creator_id: UUID, patch: CreatorPatch, if_match: str | None
    ) -> OwnCreator:
        """Call a creator otherwise; every page that names it says so at once. What is so already changes nothing.

        Raises:
            CreatorNotFound: There is none, or it is not the caller's to change.
            PreconditionFailed: It is not what the caller has seen.
            InvalidInput: There is nothing to see in the name.
        """
        async with self._database.transaction() as tx:
            before = await repository.lock_creator(tx, creator_id)
            if before is None or not self._rights.allow(
                caller, "editor", organisation_id=before.organisation_id
            ):
                raise CreatorNotFound(str(creator_id))
            require_match(if_match, before)
            name = before.name if patch.name is UNSET else patch.name
            website = before.website if patch.website is UNSET else patch.website
            _require_lines(name, website)
            if (name, website) == (before.name, before.website):
                return before
            after = msgspec.structs.replace(before, name=name, website=website, version=before.version + 1)
            await repository.change_creator(tx, after)
            await repository.note_version(tx, after, caller.account_id, self._clock.now())
            await self._tell(tx, after)
            return after

    async def _tell(self, tx: Transaction, creator: OwnCreator) -> None:
        app_ids = sorted(await repository.apps_credited(tx, creator.id))
        await marks.mark(tx, app_ids)
        await tx.publish_many(
            [
                CreatorChanged(
                    creator_id=creator.id,
                    slug=creator.slug,
                    name=creator.name,
                    app_ids=tuple(app_ids[start : start + IDS_PER_EVENT_MAX]),
                    version=creator.version,
                    changed_at=self._clock.now(),
                )
                for start in range(0, max(len(app_ids), 1), IDS_PER_EVENT_MAX)
            ]
        )


def _require_lines(name: str, website: str | None) -> None:
    faults = [
        FieldError(field, "unprintable", "no visible line")
        for field, line in (("name", name), ("website", website))
        if line is not None and not is_visible_line(line)
    ]
    if faults:
        raise InvalidInput("no visible line", fields=faults)
