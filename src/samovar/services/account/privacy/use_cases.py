"""What one can do with privacy."""

from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby
from uuid import UUID

import msgspec
from msgspec import UNSET

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.rest.etags import require_match
from samovar.services.account.activity.journal import Journal
from samovar.services.account.contract.events import PrivacyChanged
from samovar.services.account.contract.events import PrivacyException as ToldException
from samovar.services.account.errors import AccountNotFound, AccountNotReady, TooManyExceptions
from samovar.services.account.privacy import repository
from samovar.services.account.privacy.domain import SECTIONS, Rules, Section, Sight
from samovar.services.account.privacy.schemas import (
    EXCEPTIONS_MAX,
    NewException,
    Privacy,
    PrivacyException,
    PrivacyPatch,
)
from samovar.services.account.privacy.sights import Sights
from samovar.services.account.profiles.arrival import Arrival


class PrivacyRules:
    """The privacy of people."""

    def __init__(
        self, database: Database, *, arrival: Arrival, sights: Sights, journal: Journal, clock: Clock
    ) -> None:
        self._database = database
        self._arrival = arrival
        self._sights = sights
        self._journal = journal
        self._clock = clock

    async def show(self, account_id: UUID) -> Privacy:
        """Return to whom one shows what."""
        return await _load(self._database, account_id)

    async def change(self, caller: Caller, patch: PrivacyPatch, *, if_match: str | None) -> Privacy:
        """Change to whom one shows what.

        Raises:
            PreconditionFailed: It is no longer what the client has seen.
        """
        given = {
            name: value for name in patch.__struct_fields__ if (value := getattr(patch, name)) is not UNSET
        }

        async def apply(tx: Transaction, before: Privacy) -> None:
            after = msgspec.structs.replace(before, **given)
            fields = [name for name in given if getattr(before, name) != getattr(after, name)]
            if fields:
                await self._journal.note(
                    tx,
                    caller.account_id,
                    "privacy_changed",
                    params={"fields": fields},
                    session_id=caller.session_id,
                )
                await self._keep(tx, caller.account_id, after)

        return await self._transact(caller.account_id, if_match, apply)

    async def except_person(
        self, caller: Caller, other_id: UUID, exception: NewException, *, if_match: str | None
    ) -> Privacy:
        """Make it otherwise for one person.

        Raises:
            AccountNotFound: The caller must not learn that there is such a person, or it is the caller.
            TooManyExceptions: There is one for as many people as there may be.
            PreconditionFailed: It is no longer what the client has seen.
        """
        sections: dict[Section, bool] = {
            section: value for section in SECTIONS if (value := getattr(exception, section)) is not None
        }
        if not sections:
            raise InvalidInput(fields=[FieldError("", "missing", "no section is opened or closed")])

        async def apply(tx: Transaction, before: Privacy) -> None:
            others = {made.account_id for made in before.exceptions}
            if other_id not in others:
                seen = await self._sights.of(tx, caller.account_id, [other_id])
                is_there = await repository.exists(tx, other_id)
                if other_id == caller.account_id or not is_there or not seen[other_id].is_known:
                    raise AccountNotFound(f"{caller.account_id} asks about {other_id}")
                if len(others) >= EXCEPTIONS_MAX:
                    raise TooManyExceptions(exceptions_max=EXCEPTIONS_MAX)
            await self._replace(tx, caller, other_id, sections, before)

        return await self._transact(caller.account_id, if_match, apply)

    async def drop_exception(self, caller: Caller, other_id: UUID) -> None:
        """Let the rules hold for a person again; one who has no exception is no error."""

        async def apply(tx: Transaction, before: Privacy) -> None:
            if any(made.account_id == other_id for made in before.exceptions):
                await self._replace(tx, caller, other_id, {}, before)

        await self._transact(caller.account_id, None, apply)

    async def sights(self, viewer: UUID | None, owners: Sequence[UUID]) -> dict[UUID, Sight]:
        """Return what the viewer sees of each owner that is known here."""
        known = await repository.list_existing(self._database, list(owners))
        return await self._sights.of(self._database, viewer, [row.id for row in known])

    async def _replace(
        self, tx: Transaction, caller: Caller, other_id: UUID, sections: dict[Section, bool], before: Privacy
    ) -> None:
        await repository.replace_exception(tx, caller.account_id, other_id, sections)
        await self._journal.note(
            tx,
            caller.account_id,
            "privacy_changed",
            params={"fields": ["exceptions"], "account_id": str(other_id)},
            session_id=caller.session_id,
        )
        await self._keep(tx, caller.account_id, before)

    async def _keep(self, tx: Transaction, account_id: UUID, rules: Rules) -> None:
        """Keep the rules and tell the others how things stand now."""
        version = await repository.upsert_rules(tx, account_id, rules)
        now = await _load(tx, account_id)
        await tx.publish(
            PrivacyChanged(
                account_id=account_id,
                profile=now.profile,
                library=now.library,
                friends=now.friends,
                activity=now.activity,
                exceptions=tuple(
                    ToldException(account_id=made.account_id, section=section, is_allowed=is_allowed)
                    for made in now.exceptions
                    for section in SECTIONS
                    if (is_allowed := getattr(made, section)) is not None
                ),
                version=version,
                changed_at=self._clock.now(),
            )
        )

    async def _transact(
        self,
        account_id: UUID,
        if_match: str | None,
        apply: Callable[[Transaction, Privacy], Awaitable[None]],
    ) -> Privacy:
        await self._arrival.wait(account_id)
        async with self._database.transaction() as tx:
            if not await repository.lock_account(tx, account_id):
                raise AccountNotReady(f"{account_id} has gone again")
            before = await _load(tx, account_id)
            require_match(if_match, before)
            await apply(tx, before)
            return await _load(tx, account_id)


async def _load(database: Database | Transaction, account_id: UUID) -> Privacy:
    rows = await repository.list_rules(database, [account_id])
    exceptions = await repository.list_exceptions(database, account_id)
    return Privacy(
        **msgspec.structs.asdict(rows[0].rules() if rows else Rules()),
        exceptions=tuple(
            PrivacyException(account_id=other_id, **{row.section: row.is_allowed for row in made})
            for other_id, made in groupby(exceptions, key=lambda row: row.other_id)
        ),
    )
