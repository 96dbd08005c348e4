"""The SQL of profiles."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.i18n import Language
from samovar.services.account.profiles import domain
from samovar.services.account.profiles.schemas import AgeLevel, Card, Link


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account as its registration tells of it."""

    id: UUID
    display_name: str
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
            (id, display_name, country, birth_date, age_source, age_level, age_level_due, registered_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (id) DO NOTHING
        """,
        new.id,
        new.display_name,
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
    return await database.fetch_one(
        """
        SELECT id, display_name, name, bio, links, avatar, country, is_country_shown, language, age_source, age_level,
               registered_at, version
        FROM accounts WHERE id = $1
        """,
        account_id,
        into=Person,
    )


async def list_known(database: Database, account_ids: list[UUID]) -> list[Known]:
    """Return what others copy of these accounts, in no order; unknown ones are left out."""
    return await database.fetch(
        """
        SELECT id, display_name, name, avatar, age_level, age_source, version FROM accounts WHERE id = ANY($1)
        """,
        account_ids,
        into=Known,
    )
