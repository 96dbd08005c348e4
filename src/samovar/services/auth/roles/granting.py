"""How roles change, whoever changes them: the rows, what tokens say of them, the audit, and the word to everybody.

Its methods run in the caller's transaction, which holds the account's row.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.kit.identity import Permissions, RoleGrant
from samovar.kit.ids import IdSource
from samovar.services.auth.api_keys import losing
from samovar.services.auth.audit import Audit
from samovar.services.auth.contract.events import DeveloperGrant, RolesChanged
from samovar.services.auth.domain import tokens_cut_off
from samovar.services.auth.errors import LastHolder, TooManyGrants
from samovar.services.auth.repository import Account
from samovar.services.auth.roles import domain, repository
from samovar.services.auth.roles.domain import ADMIN, DEVELOPER, GRANTS_PER_ACCOUNT_MAX, OWNER, Held, Wanted


class By(msgspec.Struct, frozen=True, kw_only=True):
    """Who changes a role, and why.

    Attributes:
        account_id: None: an operator at the command line, or time itself.
        session_id: In which session.
    """

    account_id: UUID | None
    session_id: UUID | None = None
    reason: str


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it.

    Attributes:
        roles: All that the account has now.
        tokens_not_before: Older tokens of the account are void; none: nothing changed for them.
        ended: API keys of which a part opens nothing any more.
        grant_ids: The grants that were given or taken.
    """

    account_id: UUID
    roles: tuple[str, ...]
    tokens_not_before: datetime | None = None
    ended: Sequence[UUID] = ()
    grant_ids: tuple[UUID, ...] = ()


class Granting:
    """Gives and takes roles."""

    def __init__(self, *, permissions: Permissions, audit: Audit, new_id: IdSource) -> None:
        self._permissions = permissions
        self._audit = audit
        self._new_id = new_id

    async def give(self, tx: Transaction, account: Account, wanted: Wanted, by: By, now: datetime) -> Change:
        """Give a role. The same one twice changes nothing but when it ends.

        Raises:
            TooManyGrants: The account has as many as one may have.
        """
        held = await repository.list_held(tx, account.id)
        same = next((one for one in held if _kind(one) == _kind(wanted)), None)
        if same is not None:
            if same.expires_at != wanted.expires_at:
                await repository.move_expiry(
                    tx, same.id, wanted.expires_at, reason=by.reason, by=by.account_id
                )
                await self._record(tx, "role.expiry_moved", account.id, [wanted], by)
            return Change(account_id=account.id, roles=domain.roles_of(held), grant_ids=(same.id,))
        if len(held) >= GRANTS_PER_ACCOUNT_MAX:
            raise TooManyGrants(f"{account.id} has {len(held)} roles", limit=GRANTS_PER_ACCOUNT_MAX)
        grant_id = self._new_id()
        await repository.insert_grant(
            tx, grant_id, account.id, wanted, reason=by.reason, by=by.account_id, now=now
        )
        await self._record(tx, "role.granted", account.id, [wanted], by)
        return await self._apply(tx, account, [*held, wanted], by, now, (grant_id,))

    async def take(
        self,
        tx: Transaction,
        account: Account,
        grant_ids: Sequence[UUID],
        by: By,
        now: datetime,
        *,
        even_the_last: bool = False,
    ) -> Change:
        """Take roles. What has ended before is passed over.

        Args:
            tx: The transaction that holds the account's row.
            account: Whose.
            grant_ids: Which.
            by: Who takes them, and why.
            now: The present moment.
            even_the_last: Also from the last administrator, or the last owner of an organisation.

        Raises:
            LastHolder: Nobody would be left who could give the role again.
        """
        held = await repository.list_held(tx, account.id)
        taken = [one for one in held if one.id in set(grant_ids)]
        if not taken:
            return Change(account_id=account.id, roles=domain.roles_of(held))
        if not even_the_last:
            await _refuse_the_last(tx, taken)
        ids = [one.id for one in taken]
        await repository.end_grants(tx, ids, reason=by.reason, by=by.account_id, now=now)
        await self._record(tx, "role.revoked", account.id, taken, by)
        left = [one for one in held if one.id not in set(ids)]
        return await self._apply(tx, account, left, by, now, tuple(ids))

    async def _apply(
        self,
        tx: Transaction,
        account: Account,
        held: Sequence[Wanted],
        by: By,
        now: datetime,
        grant_ids: tuple[UUID, ...],
    ) -> Change:
        """Let the next tokens say what the account has now, and nobody take the older ones."""
        roles, grants = domain.roles_of(held), domain.claims_of(held)
        # After the row is locked: whoever read the old roles has dated their token earlier.
        cut_off = tokens_cut_off(now, account.tokens_not_before)
        await repository.update_account(tx, account.id, roles=roles, grants=grants, tokens_not_before=cut_off)
        ended = await losing.end_idle_keys(tx, account.id, roles, grants, self._permissions, now)
        await tx.publish(
            RolesChanged(
                account_id=account.id,
                roles=roles,
                grants=tuple(_told(RoleGrant.parse(text)) for text in grants),
                reason=by.reason,
                changed_at=now,
                tokens_not_before=cut_off,
            )
        )
        return Change(
            account_id=account.id, roles=roles, tokens_not_before=cut_off, ended=ended, grant_ids=grant_ids
        )

    async def _record(
        self, tx: Transaction, action: str, account_id: UUID, grants: Sequence[Wanted], by: By
    ) -> None:
        await self._audit.done(
            tx,
            action,
            account_id=account_id,
            actor_id=by.account_id,
            session_id=by.session_id,
            reason=by.reason,
            grants=[f"{one.role} {one.claim or ''}".strip() for one in grants],
        )


async def _refuse_the_last(tx: Transaction, taken: Sequence[Held]) -> None:
    """Refuse to leave nobody who administers the platform, or owns an organisation."""
    ids = [one.id for one in taken]
    kinds = {
        (one.role, one.organisation_id, one.level)
        for one in taken
        if one.role == ADMIN or (one.role == DEVELOPER and one.level == OWNER and one.game_id is None)
    }
    # In one order, so that two who take from each other do not wait for each other.
    for role, organisation_id, level in sorted(kinds, key=str):
        holders = await repository.lock_holders(tx, role, organisation_id, level)
        if domain.leaves_none(holders, ids):
            raise LastHolder(f"the last {role} of {organisation_id or 'the platform'}")


def _kind(one: Wanted) -> tuple[str, RoleGrant | None]:
    return one.role, one.claim


def _told(grant: RoleGrant) -> DeveloperGrant:
    return DeveloperGrant(grant.level, grant.organisation_id, grant.game_id)
