"""What one can do with profiles."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.rest.etags import require_match
from samovar.services.account.activity.journal import Journal
from samovar.services.account.contacts.directory import Directory, Own
from samovar.services.account.contract.events import AgeLevelChanged, ProfileChanged
from samovar.services.account.errors import AccountNotFound, AccountNotReady, BirthDateKnown
from samovar.services.account.preferences.schemas import Settings
from samovar.services.account.privacy.sights import Sights
from samovar.services.account.profiles import domain, names, repository
from samovar.services.account.profiles.arrival import Arrival
from samovar.services.account.profiles.naming import Naming
from samovar.services.account.profiles.repository import DueAge, NewAccount, Person
from samovar.services.account.profiles.schemas import Me, MePatch, Profile
from samovar.services.auth.contract.events import AccountRegistered

SELF = "self"
AGES_AT_ONCE_MAX = 200
BATCHES_MAX = 50


class Profiles:
    """The profiles of people."""

    def __init__(
        self,
        database: Database,
        *,
        arrival: Arrival,
        directory: Directory,
        naming: Naming,
        sights: Sights,
        journal: Journal,
        clock: Clock,
    ) -> None:
        self._database = database
        self._directory = directory
        self._arrival = arrival
        self._naming = naming
        self._sights = sights
        self._journal = journal
        self._clock = clock

    async def begin(self, tx: Transaction, event: AccountRegistered) -> None:
        """Make the profile of somebody who has registered, and tell the others.

        The display name that they gave is taken over unless it would show a login to everybody or speak for the house.
        """
        now = self._clock.now()
        # Registrations are told of once and for ever: a date that cannot be true must not keep the account from being made.
        birth_date = event.birth_date
        if birth_date and not domain.is_birth_date_possible(birth_date, now.date()):
            birth_date = None
        level = domain.age_level(birth_date, now.date())
        display_name = names.given_at_registration(event.display_name, domain.spare_name(event.account_id))
        added = await repository.insert_account(
            tx,
            NewAccount(
                id=event.account_id,
                display_name=display_name,
                display_key=names.fold(display_name),
                country=event.country,
                birth_date=birth_date,
                age_source=SELF if birth_date else None,
                age_level=level,
                age_level_due=domain.next_age_level_on(birth_date, now.date()),
                registered_at=event.registered_at,
            ),
        )
        if not added:
            return
        await tx.publish(
            ProfileChanged(
                account_id=event.account_id,
                display_name=display_name,
                avatar_url=domain.avatar_url(event.account_id, None),
                version=1,
                changed_at=now,
            )
        )
        settings = Settings(country=event.country)
        await tx.publish(settings.told(event.account_id, version=1, changed_at=now))
        if birth_date:
            await self._tell_age(tx, event.account_id, level, SELF)

    async def me(self, account_id: UUID) -> Me:
        """Return one's own account.

        Raises:
            AccountNotReady: The event that tells of the registration has not come yet.
        """
        person = await self._find_arriving(account_id)
        return _me(person, await self._directory.of(account_id))

    async def show(self, viewer: UUID, account_id: UUID) -> Profile:
        """Return a person as the viewer may see them.

        Raises:
            AccountNotFound: There is no such person, or the viewer must not learn that there is: both look alike.
        """
        person = (
            await self._find_arriving(account_id)
            if viewer == account_id
            else await repository.find_person(self._database, account_id)
        )
        sights = await self._sights.of(self._database, viewer, [account_id])
        seen = sights[account_id]
        if person is None or not seen.is_known:
            raise AccountNotFound(f"{viewer} asks for {account_id}")
        card = Profile(
            account_id=person.id,
            display_name=person.display_name,
            name=person.name,
            avatar_url=domain.avatar_url(person.id, person.avatar),
            hidden=seen.hidden,
        )
        if "profile" in seen.hidden:
            return card
        return msgspec.structs.replace(
            card,
            bio=person.bio,
            links=person.links,
            country=person.country if person.is_country_shown else None,
            registered_at=person.registered_at,
        )

    async def change(self, caller: Caller, patch: MePatch, *, if_match: str | None) -> Me:
        """Change what one says of oneself.

        Raises:
            InvalidInput: A field breaks a rule.
            PreconditionFailed: It is no longer what the client has seen.
            NameTaken: Somebody has the name, or one that looks like it, or had it lately.
            NameChangedLately: The name was changed a short while ago.
            BirthDateKnown: The birth date was given before.
        """
        given = self._checked(patch)
        await self._arrival.wait(caller.account_id)
        contacts = await self._directory.of(caller.account_id)
        async with self._database.transaction() as tx:
            person = await repository.lock_person(tx, caller.account_id)
            if person is None:
                raise AccountNotReady(f"{caller.account_id} has gone again")
            require_match(if_match, _me(person, contacts))
            changed = await self._apply(tx, person, given)
            fields = [name for name in given if name == "birth_date" or _differs(person, changed, name)]
            if fields:
                await self._journal.note(
                    tx,
                    caller.account_id,
                    "profile_changed",
                    params={"fields": fields},
                    session_id=caller.session_id,
                )
        return _me(changed, contacts)

    async def list_known(self, account_ids: list[UUID]) -> list[repository.Known]:
        """Return what other services may know of these accounts."""
        return await repository.list_known(self._database, account_ids)

    async def reach_age_levels(self) -> int:
        """Move everybody whose birthday brings the next age level there, and return how many that were."""
        moved = 0
        for _ in range(BATCHES_MAX):
            async with self._database.transaction() as tx:
                due = await repository.lock_due_ages(tx, self._clock.now().date(), AGES_AT_ONCE_MAX)
                await self._reach(tx, due)
            moved += len(due)
            if len(due) < AGES_AT_ONCE_MAX:
                break
        return moved

    async def _find_arriving(self, account_id: UUID) -> Person:
        """Return the account of somebody who has a token, which must come.

        Raises:
            AccountNotReady: It did not come in time.
        """
        person = await repository.find_person(self._database, account_id)
        if person is None:
            await self._arrival.wait(account_id)
            person = await repository.find_person(self._database, account_id)
        if person is None:
            raise AccountNotReady(f"{account_id} has gone again")
        return person

    async def _reach(self, tx: Transaction, due: list[DueAge]) -> None:
        today = self._clock.now().date()
        levels = [domain.age_level(one.birth_date, today) for one in due]
        await repository.update_age_levels(
            tx,
            [one.id for one in due],
            levels,
            [domain.next_age_level_on(one.birth_date, today) for one in due],
        )
        for one, level in zip(due, levels, strict=True):
            await self._tell_age(tx, one.id, level, one.age_source)

    def _checked(self, patch: MePatch) -> dict[str, Any]:
        """Return the fields that were given, in their one form.

        Raises:
            InvalidInput: Some break a rule.
        """
        given = {
            name: value for name in patch.__struct_fields__ if (value := getattr(patch, name)) is not UNSET
        }
        if "display_name" in given:
            given["display_name"] = names.tidy(given["display_name"])
        if "bio" in given:
            given["bio"] = given["bio"].replace("\r\n", "\n").strip()
        faults = [
            FieldError(field, code, code.replace("_", " "))
            for field, code in domain.faults(given, today=self._clock.now().date())
        ]
        if faults:
            raise InvalidInput(fields=faults)
        return given

    async def _apply(self, tx: Transaction, person: Person, given: Mapping[str, Any]) -> Person:
        plain = {name: value for name, value in given.items() if name not in {"name", "birth_date"}}
        changed = msgspec.structs.replace(person, **plain)
        if "name" in given:
            changed = await self._naming.rename(tx, changed, given["name"])
        if "birth_date" in given:
            changed = await self._learn_birth_date(tx, changed, given["birth_date"])
        is_told = any(_differs(person, changed, name) for name in ("display_name", "name"))
        changed = msgspec.structs.replace(changed, version=person.version + is_told)
        await repository.update_profile(
            tx,
            changed,
            display_key=names.fold(changed.display_name),
            search_key=names.fold(f"{changed.display_name} {changed.name or ''}"),
        )
        if is_told:
            await tx.publish(changed.told(self._clock.now()))
        return changed

    async def _learn_birth_date(self, tx: Transaction, person: Person, birth_date: Any) -> Person:
        if person.age_source is not None:
            raise BirthDateKnown(f"{person.id} gave a birth date before")
        today = self._clock.now().date()
        level = domain.age_level(birth_date, today)
        await repository.update_age(
            tx,
            person.id,
            birth_date=birth_date,
            source=SELF,
            level=level,
            due=domain.next_age_level_on(birth_date, today),
        )
        await self._tell_age(tx, person.id, level, SELF)
        return msgspec.structs.replace(person, age_source=SELF, age_level=level)

    async def _tell_age(self, tx: Transaction, account_id: UUID, level: int, source: str) -> None:
        await tx.publish(
            AgeLevelChanged(account_id=account_id, level=level, source=source, changed_at=self._clock.now())
        )


def _differs(before: Person, after: Person, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _me(person: Person, contacts: Own) -> Me:
    return Me(
        account_id=person.id,
        display_name=person.display_name,
        name=person.name,
        avatar_url=domain.avatar_url(person.id, person.avatar),
        bio=person.bio,
        links=person.links,
        country=person.country,
        is_country_shown=person.is_country_shown,
        language=person.language,
        age_level=person.age_level,
        age_source=person.age_source,
        email=contacts.email,
        phone=contacts.phone,
        identity_level=contacts.identity_level,
        registered_at=person.registered_at,
    )
