"""The SQL of families."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.account.family.domain import Age, Departure, Family, InviteState, Member, Role

Reader = Database | Transaction
Direction = Literal["incoming", "outgoing"]

_INCOMING = """
    SELECT id, role, created_at, expires_at, invited_by AS account_id FROM family_invites
    WHERE account_id = $1 AND state = 'pending' AND expires_at > $2 AND ($3::uuid IS NULL OR id < $3)
    ORDER BY id DESC LIMIT $4
"""
_OUTGOING = """
    SELECT i.id, i.role, i.created_at, i.expires_at, i.account_id
    FROM family_members m JOIN family_invites i ON i.family_id = m.family_id
    WHERE m.account_id = $1 AND m.role = 'adult'
      AND i.state = 'pending' AND i.expires_at > $2 AND ($3::uuid IS NULL OR i.id < $3)
    ORDER BY i.id DESC LIMIT $4
"""


class Invite(msgspec.Struct, frozen=True, kw_only=True):
    """An invite as it is kept."""

    id: UUID
    family_id: UUID
    account_id: UUID
    invited_by: UUID
    role: Role
    state: InviteState
    created_at: datetime
    expires_at: datetime


class ListedInvite(msgspec.Struct, frozen=True, kw_only=True):
    """A pending invite, with the account at its other end."""

    id: UUID
    account_id: UUID
    role: Role
    created_at: datetime
    expires_at: datetime


class InviteKey(msgspec.Struct, frozen=True):
    """The place in a list of invites."""

    id: UUID


class _Family(msgspec.Struct, frozen=True):
    id: UUID
    version: int


class _Age(msgspec.Struct, frozen=True):
    level: int
    is_known: bool


async def find_family_id(reader: Reader, account_id: UUID) -> UUID | None:
    """Return the family to which an account belongs."""
    family_id: UUID | None = await reader.fetch_value(
        "SELECT family_id FROM family_members WHERE account_id = $1", account_id
    )
    return family_id


async def lock_family(tx: Transaction, family_id: UUID) -> Family | None:
    """Return a family, for this transaction alone."""
    row = await tx.fetch_one(
        "SELECT id, version FROM families WHERE id = $1 FOR UPDATE", family_id, into=_Family
    )
    return await _with_people(tx, row) if row else None


async def find_family(database: Database, family_id: UUID) -> Family | None:
    """Return a family as it is at the moment."""
    row = await database.fetch_one("SELECT id, version FROM families WHERE id = $1", family_id, into=_Family)
    return await _with_people(database, row) if row else None


async def lock_abandoned(tx: Transaction, limit: int) -> list[Family]:
    """Return families without an adult that nobody else holds, for this transaction alone."""
    rows = await tx.fetch(
        """
        SELECT id, version FROM families f
        WHERE NOT EXISTS (SELECT FROM family_members m WHERE m.family_id = f.id AND m.role = 'adult')
        LIMIT $1 FOR UPDATE SKIP LOCKED
        """,
        limit,
        into=_Family,
    )
    ids = [row.id for row in rows]
    members = await tx.fetch(
        "SELECT family_id, account_id, role, joined_at FROM family_members WHERE family_id = ANY($1)",
        ids,
        into=_FamilyMember,
    )
    return [
        Family(
            id=row.id,
            version=row.version,
            members=tuple(one.member() for one in members if one.family_id == row.id),
        )
        for row in rows
    ]


class _FamilyMember(msgspec.Struct, frozen=True):
    family_id: UUID
    account_id: UUID
    role: Role
    joined_at: datetime

    def member(self) -> Member:
        return Member(account_id=self.account_id, role=self.role, joined_at=self.joined_at)


async def _with_people(reader: Reader, row: _Family) -> Family:
    members = await reader.fetch(
        "SELECT account_id, role, joined_at FROM family_members WHERE family_id = $1 ORDER BY joined_at, account_id",
        row.id,
        into=Member,
    )
    departures = await reader.fetch(
        "SELECT family_id, account_id, left_at, waits FROM family_departures WHERE family_id = $1",
        row.id,
        into=Departure,
    )
    return Family(id=row.id, version=row.version, members=tuple(members), departures=tuple(departures))


async def insert_family(tx: Transaction, family: Family, now: datetime) -> None:
    """Add a family without its members."""
    await tx.execute(
        "INSERT INTO families (id, version, created_at) VALUES ($1, $2, $3)", family.id, family.version, now
    )


async def save_version(tx: Transaction, family: Family) -> None:
    """Note how many events a family has seen."""
    await tx.execute("UPDATE families SET version = $2 WHERE id = $1", family.id, family.version)


async def delete_family(tx: Transaction, family_id: UUID) -> None:
    """Delete a family with all that belongs to it."""
    await tx.execute("DELETE FROM families WHERE id = $1", family_id)


async def save_member(tx: Transaction, family_id: UUID, member: Member) -> None:
    """Add a member, or change the role of one; whoever comes back has not left."""
    await tx.execute(
        """
        WITH back AS (DELETE FROM family_departures WHERE account_id = $1 AND family_id = $2)
        INSERT INTO family_members (account_id, family_id, role, joined_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id) DO UPDATE SET role = excluded.role WHERE family_members.family_id = $2
        """,
        member.account_id,
        family_id,
        member.role,
        member.joined_at,
    )


async def delete_members(tx: Transaction, account_ids: Iterable[UUID]) -> None:
    """Take members out of their family, with their limits."""
    await tx.execute("DELETE FROM family_members WHERE account_id = ANY($1)", list(account_ids))


async def insert_departures(tx: Transaction, departures: Iterable[Departure]) -> None:
    """Note who left."""
    rows = list(departures)
    await tx.execute(
        """
        INSERT INTO family_departures (account_id, family_id, left_at, waits)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::boolean[])
        ON CONFLICT (account_id, family_id) DO UPDATE SET left_at = excluded.left_at, waits = excluded.waits
        """,
        [row.account_id for row in rows],
        [row.family_id for row in rows],
        [row.left_at for row in rows],
        [row.waits for row in rows],
    )


async def list_departures(tx: Transaction, account_id: UUID) -> list[Departure]:
    """Return the families that an account left lately."""
    return await tx.fetch(
        "SELECT family_id, account_id, left_at, waits FROM family_departures WHERE account_id = $1",
        account_id,
        into=Departure,
    )


async def delete_departures_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Forget up to `limit` departures that are over; returns how many."""
    return await tx.execute(
        """
        DELETE FROM family_departures WHERE (account_id, family_id) IN (
            SELECT account_id, family_id FROM family_departures WHERE left_at < $1 ORDER BY left_at LIMIT $2
        )
        """,
        moment,
        limit,
    )


async def find_age(reader: Reader, account_id: UUID) -> Age:
    """Return how old an account is known to be."""
    row = await reader.fetch_one(
        "SELECT age_level AS level, age_source IS NOT NULL AS is_known FROM accounts WHERE id = $1",
        account_id,
        into=_Age,
    )
    return Age(row.level, row.is_known) if row else Age(0, is_known=False)


async def insert_invite(tx: Transaction, invite: Invite) -> None:
    """Add an invite."""
    await tx.execute(
        """
        INSERT INTO family_invites (id, family_id, account_id, invited_by, role, state, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        *msgspec.structs.astuple(invite),
    )


async def find_invite(reader: Reader, invite_id: UUID) -> Invite | None:
    """Return an invite; while its family is held, nobody changes it."""
    return await reader.fetch_one("SELECT * FROM family_invites WHERE id = $1", invite_id, into=Invite)


async def list_open_invites(tx: Transaction, family_id: UUID) -> list[Invite]:
    """Return the pending invites of a family, those that have just run out included."""
    return await tx.fetch(
        "SELECT * FROM family_invites WHERE family_id = $1 AND state = 'pending'", family_id, into=Invite
    )


async def list_invites_between(tx: Transaction, one: UUID, other: UUID) -> list[Invite]:
    """Return the pending invites that one of two accounts has sent the other."""
    return await tx.fetch(
        """
        SELECT * FROM family_invites
        WHERE state = 'pending' AND (account_id, invited_by) IN (($1, $2), ($2, $1)) ORDER BY family_id
        """,
        one,
        other,
        into=Invite,
    )


async def close_invites(tx: Transaction, invite_ids: Iterable[UUID], state: InviteState) -> None:
    """Give invites another state."""
    await tx.execute("UPDATE family_invites SET state = $2 WHERE id = ANY($1)", list(invite_ids), state)


async def list_invites(
    database: Database,
    account_id: UUID,
    direction: Direction,
    now: datetime,
    after: InviteKey | None,
    limit: int,
) -> list[ListedInvite]:
    """Return the pending invites to an account, or of its family where it is an adult; the newest first."""
    return await database.fetch(
        _INCOMING if direction == "incoming" else _OUTGOING,
        account_id,
        now,
        after and after.id,
        limit,
        into=ListedInvite,
    )


async def list_families_of_expired(database: Database, now: datetime, limit: int) -> list[UUID]:
    """Return families with invites that have run out."""
    rows = await database.fetch(
        """
        SELECT DISTINCT family_id FROM (
            SELECT family_id FROM family_invites WHERE state = 'pending' AND expires_at <= $1
            ORDER BY expires_at LIMIT $2
        ) run_out
        """,
        now,
        limit,
        into=_FamilyId,
    )
    return [row.family_id for row in rows]


class _FamilyId(msgspec.Struct, frozen=True):
    family_id: UUID


async def delete_closed_invites(tx: Transaction, made_before: datetime, limit: int) -> int:
    """Delete up to `limit` old invites that nobody needs; returns how many."""
    return await tx.execute(
        """
        DELETE FROM family_invites WHERE id IN (
            SELECT id FROM family_invites WHERE state <> 'pending' AND created_at < $1 ORDER BY created_at LIMIT $2
        )
        """,
        made_before,
        limit,
    )
