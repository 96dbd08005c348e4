"""The SQL of privacy."""

from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.account.privacy.domain import Audience, Rules, Section

_EXCEPTIONS = "SELECT account_id, other_id, section, is_allowed FROM privacy_exceptions WHERE account_id = $1"


class RulesRow(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of an account as they are kept."""

    account_id: UUID
    profile: Audience
    library: Audience
    friends: Audience
    activity: Audience
    is_findable: bool
    version: int

    def rules(self) -> Rules:
        """Return what decides."""
        return Rules(
            profile=self.profile,
            library=self.library,
            friends=self.friends,
            activity=self.activity,
            is_findable=self.is_findable,
        )


class Existing(msgspec.Struct, frozen=True):
    """An account that is known here."""

    id: UUID


class ExceptionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One section, open or closed for one person."""

    account_id: UUID
    other_id: UUID
    section: Section
    is_allowed: bool


async def lock_account(tx: Transaction, account_id: UUID) -> bool:
    """Take an account until the end of the transaction; false when it is not known here."""
    return bool(await tx.fetch_value("SELECT true FROM accounts WHERE id = $1 FOR UPDATE", account_id))


async def exists(tx: Transaction, account_id: UUID) -> bool:
    """Return whether an account is known here."""
    return bool(await tx.fetch_value("SELECT true FROM accounts WHERE id = $1", account_id))


async def list_existing(database: Database, account_ids: list[UUID]) -> list[Existing]:
    """Return those of the accounts that are known here."""
    return await database.fetch("SELECT id FROM accounts WHERE id = ANY($1)", account_ids, into=Existing)


async def list_rules(database: Database | Transaction, account_ids: list[UUID]) -> list[RulesRow]:
    """Return the rules of those of the accounts that have made any."""
    return await database.fetch(
        """
        SELECT account_id, profile, library, friends, activity, is_findable, version
        FROM privacy WHERE account_id = ANY($1)
        """,
        account_ids,
        into=RulesRow,
    )


async def upsert_rules(tx: Transaction, account_id: UUID, rules: Rules) -> int:
    """Keep the rules of an account, tell the search, and return the number of this change."""
    version: int = await tx.fetch_value(
        """
        WITH listed AS (UPDATE accounts SET is_listed = $7 WHERE id = $1 AND is_listed <> $7)
        INSERT INTO privacy (account_id, profile, library, friends, activity, is_findable, version)
        VALUES ($1, $2, $3, $4, $5, $6, 1)
        ON CONFLICT (account_id) DO UPDATE SET
            profile = excluded.profile, library = excluded.library, friends = excluded.friends,
            activity = excluded.activity, is_findable = excluded.is_findable, version = privacy.version + 1
        RETURNING version
        """,
        account_id,
        rules.profile,
        rules.library,
        rules.friends,
        rules.activity,
        rules.is_findable,
        rules.is_listed,
    )
    return version


async def list_exceptions(database: Database | Transaction, account_id: UUID) -> list[ExceptionRow]:
    """Return the exceptions that an account has made, in one order."""
    return await database.fetch(f"{_EXCEPTIONS} ORDER BY other_id, section", account_id, into=ExceptionRow)


async def list_exceptions_for(
    database: Database | Transaction, viewer: UUID, owners: list[UUID]
) -> list[ExceptionRow]:
    """Return the exceptions that these owners have made for one viewer."""
    return await database.fetch(
        """
        SELECT account_id, other_id, section, is_allowed FROM privacy_exceptions
        WHERE account_id = ANY($2) AND other_id = $1
        """,
        viewer,
        owners,
        into=ExceptionRow,
    )


async def replace_exception(
    tx: Transaction, account_id: UUID, other_id: UUID, sections: dict[Section, bool]
) -> None:
    """Let these sections, and no others, be otherwise for one person."""
    await tx.execute(
        "DELETE FROM privacy_exceptions WHERE account_id = $1 AND other_id = $2", account_id, other_id
    )
    if sections:
        await tx.execute(
            """
            INSERT INTO privacy_exceptions (account_id, other_id, section, is_allowed)
            SELECT $1, $2, section, is_allowed FROM unnest($3::text[], $4::boolean[]) AS made (section, is_allowed)
            """,
            account_id,
            other_id,
            list(sections),
            list(sections.values()),
        )
