"""What one can do with profiles."""

from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.services.account.contacts.directory import Directory, Own
from samovar.services.account.contract.events import AgeLevelChanged, ProfileChanged
from samovar.services.account.errors import AccountNotReady
from samovar.services.account.profiles import domain, repository
from samovar.services.account.profiles.arrival import Arrival
from samovar.services.account.profiles.repository import NewAccount, Person
from samovar.services.account.profiles.schemas import Me
from samovar.services.auth.contract.events import AccountRegistered

SELF = "self"


class Profiles:
    """The profiles of people."""

    def __init__(self, database: Database, *, arrival: Arrival, directory: Directory, clock: Clock) -> None:
        self._database = database
        self._directory = directory
        self._arrival = arrival
        self._clock = clock

    async def begin(self, tx: Transaction, event: AccountRegistered) -> None:
        """Make the profile of somebody who has registered, and tell the others."""
        now = self._clock.now()
        level = domain.age_level(event.birth_date, now.date())
        added = await repository.insert_account(
            tx,
            NewAccount(
                id=event.account_id,
                display_name=event.display_name,
                country=event.country,
                birth_date=event.birth_date,
                age_source=SELF if event.birth_date else None,
                age_level=level,
                age_level_due=domain.next_age_level_on(event.birth_date, now.date()),
                registered_at=event.registered_at,
            ),
        )
        if not added:
            return
        await tx.publish(
            ProfileChanged(
                account_id=event.account_id,
                display_name=event.display_name,
                avatar_url=domain.avatar_url(event.account_id, None),
                version=1,
                changed_at=now,
            )
        )
        if event.birth_date:
            await tx.publish(
                AgeLevelChanged(account_id=event.account_id, level=level, source=SELF, changed_at=now)
            )

    async def me(self, account_id: UUID) -> Me:
        """Return one's own account.

        Raises:
            AccountNotReady: The event that tells of the registration has not come yet.
        """
        person = await repository.find_person(self._database, account_id)
        if person is None:
            await self._arrival.wait(account_id)
            person = await repository.find_person(self._database, account_id)
        if person is None:
            raise AccountNotReady(f"{account_id} has gone again")
        return _me(person, await self._directory.of(account_id))

    async def list_known(self, account_ids: list[UUID]) -> list[repository.Known]:
        """Return what other services may know of these accounts."""
        return await repository.list_known(self._database, account_ids)


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
