"""What one can do with organisations."""

from datetime import timedelta
from uuid import UUID

from msgspec import UNSET

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.identity import Caller, RoleGrant
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.kit.rest.etags import require_match
from samovar.services.developer.contract.events import OrganisationChanged
from samovar.services.developer.errors import OrganisationNotFound, TooManyOrganisations
from samovar.services.developer.organisations import repository
from samovar.services.developer.organisations.members.roster import Roster
from samovar.services.developer.organisations.schemas import (
    NewOrganisation,
    Organisation,
    OrganisationKey,
    OrganisationPatch,
    OrganisationVersion,
    OwnOrganisation,
    Standing,
    VersionKey,
)
from samovar.services.developer.rights import EDIT, READ, Rights

FOUNDED_MAX = 20
# An answer of auth that was lost is made up for when the owner comes back, and who does not come back has lost nothing.
UNFOUNDED_KEPT = timedelta(days=30)
FOUNDING_REASON = "founded the organisation"


class Organisations:
    """Organisations, as their people and staff see them. Who is in them, auth says: here no second list is kept of it."""

    def __init__(
        self, database: Database, *, roster: Roster, rights: Rights, clock: Clock, new_id: IdSource
    ) -> None:
        self._database = database
        self._roster = roster
        self._rights = rights
        self._clock = clock
        self._new_id = new_id

    async def found(self, caller: Caller, wanted: NewOrganisation) -> Organisation:
        """Make an organisation, and the caller its owner. The role is in the caller's next access token.

        Raises:
            AuthAway: Auth does not answer. If it has heard, the organisation is in the caller's list later on.
            TooManyOrganisations: The caller has founded `FOUNDED_MAX`.
        """
        organisation_id = self._new_id()
        async with self._database.transaction() as tx:
            count = await repository.lock_founder(tx, caller.account_id)
            if count >= FOUNDED_MAX:
                raise TooManyOrganisations(f"{count}", limit=FOUNDED_MAX)
            await repository.insert(
                tx,
                organisation_id,
                name=wanted.name,
                website=wanted.website,
                founder_id=caller.account_id,
                now=self._clock.now(),
            )
        await self._roster.give(
            caller.account_id, organisation_id, level="owner", game_id=None, reason=FOUNDING_REASON
        )
        await self._confirm(caller, organisation_id)
        return await self._read(organisation_id)

    async def list_own(self, caller: Caller) -> list[OwnOrganisation]:
        """Return the organisations that the caller is in, by name.

        Raises:
            AuthAway: The token has no room for all of them, and auth does not answer.
        """
        grants = await self._grants(caller)
        places = {grant.organisation_id for grant in grants}
        for organisation_id in await repository.find_unfounded(self._database, places):
            await self._confirm(caller, organisation_id)
        return [
            OwnOrganisation(
                organisation=one,
                levels=sorted(
                    {
                        grant.level
                        for grant in grants
                        if (grant.organisation_id, grant.game_id) == (one.id, None)
                    }
                ),
                game_ids=sorted(
                    {grant.game_id for grant in grants if grant.organisation_id == one.id and grant.game_id}
                ),
            )
            for one in await repository.find_many(self._database, places)
        ]

    async def show(self, caller: Caller, organisation_id: UUID) -> Organisation:
        """Return an organisation.

        Raises:
            OrganisationNotFound: There is none, or it is not the caller's to know.
        """
        self._rights.require(caller, READ, "viewer", organisation_id=organisation_id)
        return await self._read(organisation_id)

    async def change(
        self, caller: Caller, organisation_id: UUID, patch: OrganisationPatch, *, if_match: str | None
    ) -> Organisation:
        """Change what an organisation is called.

        Raises:
            OrganisationNotFound: There is none, or the caller does not own it.
            PreconditionFailed: Somebody has changed it since the caller saw it.
        """
        self._rights.require(caller, EDIT, "owner", organisation_id=organisation_id)
        async with self._database.transaction() as tx:
            current = await repository.lock(tx, organisation_id)
            if current is None:
                raise OrganisationNotFound(f"{organisation_id}")
            require_match(if_match, current)
            name = current.name if patch.name is UNSET else patch.name
            website = current.website if patch.website is UNSET else patch.website
            if (name, website) == (current.name, current.website):
                return current
            await repository.change(tx, organisation_id, name=name, website=website, now=self._clock.now())
            return await self._keep(tx, organisation_id, caller.account_id)

    async def history(
        self, caller: Caller, organisation_id: UUID, *, cursor: str | None, limit: int
    ) -> Page[OrganisationVersion]:
        """Return what an organisation was, the newest first.

        Raises:
            OrganisationNotFound: As `show`.
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, VersionKey)
        self._rights.require(caller, READ, "viewer", organisation_id=organisation_id)
        rows = await repository.list_versions(self._database, organisation_id, after, limit + 1)
        return page_of(rows, limit, lambda row: VersionKey(row.version))

    async def list_all(
        self, *, standing: Standing | None, cursor: str | None, limit: int
    ) -> Page[Organisation]:
        """Return organisations for staff, the newest first.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, OrganisationKey)
        rows = await repository.list_all(self._database, standing=standing, after=after, limit=limit + 1)
        return page_of(rows, limit, lambda row: OrganisationKey(row.created_at, row.id))

    async def forget_unfounded(self) -> None:
        """Forget organisations that never had an owner."""
        async with self._database.transaction() as tx:
            await repository.delete_unfounded(tx, self._clock.now() - UNFOUNDED_KEPT)

    async def _grants(self, caller: Caller) -> list[RoleGrant]:
        if not caller.grants_more:
            return list(caller.grants)
        return await self._roster.grants_of(caller.account_id)

    async def _confirm(self, caller: Caller, organisation_id: UUID) -> None:
        """Note that auth has the first owner, once."""
        async with self._database.transaction() as tx:
            if await repository.found(tx, organisation_id, self._clock.now()):
                await self._keep(tx, organisation_id, caller.account_id)

    async def _read(self, organisation_id: UUID) -> Organisation:
        organisation = await repository.find(self._database, organisation_id)
        if organisation is None:
            raise OrganisationNotFound(f"{organisation_id}")
        return organisation

    @staticmethod
    async def _keep(tx: Transaction, organisation_id: UUID, actor_id: UUID) -> Organisation:
        await repository.add_version(tx, organisation_id, actor_id)
        current = await repository.find(tx, organisation_id)
        if current is None:
            raise OrganisationNotFound(f"{organisation_id}")
        await tx.publish(
            OrganisationChanged(
                organisation_id=current.id,
                name=current.name,
                changed_at=current.changed_at,
                version=current.version,
            )
        )
        return current
