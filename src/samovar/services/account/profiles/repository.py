"""The SQL of profiles."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.i18n import Language
from samovar.services.account.contract.events import ProfileChanged
from samovar.services.account.profiles import domain
from samovar.services.account.profiles.schemas import AgeLevel, Card, Link

_PERSON = """
    SELECT id, display_name, name, name_key, name_changed_at, bio, links, avatar, country, is_country_shown, language,
           age_source, age_level, registered_at, version
    FROM accounts
"""


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account as its registration tells of it."""

    id: UUID
    display_name: str
    display_key: str
    country: str | None
    birth_date: date | None
    age_source: str | None
    age_level: int
    age_level_due: date | None
    registered_at: datetime


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """An account as it is kept."""

    id: UUID
    display_name: str
    name: str | None
    name_key: str | None
    name_changed_at: datetime | None
    bio: str
    links: tuple[Link, ...]
    avatar: str | None
    country: str | None
    is_country_shown: bool
    language: Language
    age_source: Literal["self"] | None
    age_level: AgeLevel
    registered_at: datetime
    version: int

    def told(self, changed_at: datetime) -> ProfileChanged:
        """Return what the others learn."""
        return ProfileChanged(
            account_id=self.id,
            display_name=self.display_name,
            name=self.name,
            avatar_url=domain.avatar_url(self.id, self.avatar),
            version=self.version,
            changed_at=changed_at,
        )


class DueAge(msgspec.Struct, frozen=True, kw_only=True):
    """An account whose next age level has begun."""

    id: UUID
    birth_date: date
    age_source: str
    age_level: int


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What others copy of an account."""

    id: UUID
    display_name: str
    name: str | None
    avatar: str | None
    age_level: int
    age_source: str | None
    version: int

    def card(self) -> Card:
        """Return it as a person in a list."""
        return Card(
            account_id=self.id,
            display_name=self.display_name,
            name=self.name,
            avatar_url=domain.avatar_url(self.id, self.avatar),
        )


async def exists(database: Database, account_id: UUID) -> bool:
    """Return whether the account is known here."""
    return bool(await database.fetch_value("SELECT true FROM accounts WHERE id = $1", account_id))


async def insert_account(tx: Transaction, new: NewAccount) -> bool:
    """Add an account; false, and nothing added, when it is known."""
    added = await tx.execute(
        """
        INSERT INTO accounts
            (id, display_name, display_key, search_key, country, birth_date, age_source, age_level, age_level_due,
             registered_at)
        VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (id) DO NOTHING
        """,
        new.id,
        new.display_name,
        new.display_key,
        new.country,
        new.birth_date,
        new.age_source,
        new.age_level,
        new.age_level_due,
        new.registered_at,
    )
    return bool(added)


async def find_person(database: Database, account_id: UUID) -> Person | None:
    """Return an account."""
    return await database.fetch_one(f"{_PERSON} WHERE id = $1", account_id, into=Person)


async def lock_person(tx: Transaction, account_id: UUID) -> Person | None:
    """Return an account that is not erased, for changing it in this transaction."""
    return await tx.fetch_one(
        f"{_PERSON} WHERE id = $1 AND NOT is_erased FOR UPDATE", account_id, into=Person
    )


async def update_profile(tx: Transaction, person: Person, *, display_key: str, search_key: str) -> None:
    """Keep what a person says of themselves."""
    await tx.execute(
        """
        UPDATE accounts
        SET display_name = $2, display_key = $3, search_key = $4, bio = $5, links = $6, avatar = $7,
            is_country_shown = $8, version = $9
        WHERE id = $1
        """,
        person.id,
        person.display_name,
        display_key,
        search_key,
        person.bio,
        person.links,
        person.avatar,
        person.is_country_shown,
        person.version,
    )


async def update_avatar(tx: Transaction, account_id: UUID, *, avatar: str | None, version: int) -> None:
    """Let an account show another picture."""
    await tx.execute(
        "UPDATE accounts SET avatar = $2, version = $3 WHERE id = $1", account_id, avatar, version
    )


async def update_name(
    tx: Transaction, account_id: UUID, *, name: str | None, name_key: str | None, changed_at: datetime | None
) -> None:
    """Keep the unique name of an account and when it was last changed."""
    await tx.execute(
        "UPDATE accounts SET name = $2, name_key = $3, name_changed_at = $4 WHERE id = $1",
        account_id,
        name,
        name_key,
        changed_at,
    )


async def release_names(tx: Transaction, account_id: UUID, *, kept_until: datetime) -> None:
    """Give up the name that an account has; nobody else gets it before `kept_until`."""
    await tx.execute(
        "UPDATE names SET kept_until = $2 WHERE account_id = $1 AND kept_until IS NULL",
        account_id,
        kept_until,
    )


async def claim_name(tx: Transaction, account_id: UUID, *, name: str, name_key: str, now: datetime) -> bool:
    """Take a name; false when somebody has it, or had it lately. Whoever wants the same one waits for this transaction."""
    claimed = await tx.execute(
        """
        INSERT INTO names (name_key, account_id, name, taken_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (name_key) DO UPDATE SET
            account_id = excluded.account_id, name = excluded.name, taken_at = excluded.taken_at, kept_until = NULL
        WHERE names.account_id = excluded.account_id OR names.kept_until <= excluded.taken_at
        """,
        name_key,
        account_id,
        name,
        now,
    )
    return bool(claimed)


async def update_age(
    tx: Transaction, account_id: UUID, *, birth_date: date, source: str, level: int, due: date | None
) -> None:
    """Keep a birth date and what follows from it."""
    await tx.execute(
        "UPDATE accounts SET birth_date = $2, age_source = $3, age_level = $4, age_level_due = $5 WHERE id = $1",
        account_id,
        birth_date,
        source,
        level,
        due,
    )


async def lock_due_ages(tx: Transaction, today: date, limit: int) -> list[DueAge]:
    """Return up to `limit` accounts whose next age level has begun, for this transaction alone."""
    return await tx.fetch(
        """
        SELECT id, birth_date, age_source, age_level FROM accounts
        WHERE age_level_due <= $1 ORDER BY age_level_due LIMIT $2
        FOR UPDATE SKIP LOCKED
        """,
        today,
        limit,
        into=DueAge,
    )


async def update_age_levels(
    tx: Transaction, account_ids: list[UUID], levels: list[int], dues: list[date | None]
) -> None:
    """Move accounts to their age levels."""
    await tx.execute(
        """
        UPDATE accounts a SET age_level = reached.level, age_level_due = reached.due
        FROM unnest($1::uuid[], $2::smallint[], $3::date[]) AS reached (id, level, due)
        WHERE a.id = reached.id
        """,
        account_ids,
        levels,
        dues,
    )


async def list_known(database: Database | Transaction, account_ids: list[UUID]) -> list[Known]:
    """Return what others copy of these accounts, in no order; unknown ones are left out."""
    return await database.fetch(
        """
        SELECT id, display_name, name, avatar, age_level, age_source, version FROM accounts WHERE id = ANY($1)
        """,
        account_ids,
        into=Known,
    )
