"""Giving and taking roles: by operators at the command line, by administrators, by the owners of organisations, by time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import Forbidden
from samovar.kit.identity import FULL_SCOPE, Caller, Permissions, RoleGrant, levels_in
from samovar.kit.identity.verifier import Verifier
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.auth import domain as sign_in
from samovar.services.auth import repository as shared
from samovar.services.auth.api_keys import narrowing
from samovar.services.auth.domain import PLAYER, InvalidLogin
from samovar.services.auth.errors import AccountNotFound, AdminByAdmin, GrantNotFound, RoleToOneself
from samovar.services.auth.repository import Account
from samovar.services.auth.roles import domain, repository
from samovar.services.auth.roles.domain import ADMIN, DEVELOPER, GRANTABLE, OWNER, Wanted
from samovar.services.auth.roles.granting import By, Change, Granting
from samovar.services.auth.roles.schemas import RoleGranted, RoleOrder, RoleShown

EXPIRED_AT_ONCE_MAX = 100
DELETED_AT_ONCE_MAX = 1_000
ENDED_KEPT_FOR = timedelta(days=730)
MAY_GRANT, MAY_READ = "auth.role.grant", "auth.role.read"


class GrantPosition(msgspec.Struct, frozen=True):
    """Where a page of grants ended."""

    granted_at: datetime
    id: UUID


class Roles:
    """The roles of accounts, as an operator changes them by login. He has the database anyway, so nothing is refused to him."""

    def __init__(self, database: Database, *, granting: Granting, clock: Clock, phone_region: str) -> None:
        self._database = database
        self._granting = granting
        self._clock = clock
        self._phone_region = phone_region

    async def grant(self, login: str, wanted: Wanted, *, reason: str) -> tuple[str, ...]:
        """Give a role and return all that the account has now.

        Raises:
            InvalidInput: There is no such role, or not there.
            AccountNotFound: No account has this login.
        """
        domain.refuse_impossible(wanted, self._clock.now(), asks_place=False)
        async with self._database.transaction() as tx:
            account = await self._lock(tx, login)
            by = By(account_id=None, reason=reason)
            return (await self._granting.give(tx, account, wanted, by, self._clock.now())).roles

    async def revoke(self, login: str, wanted: Wanted, *, reason: str) -> tuple[str, ...]:
        """Take a role, everywhere unless a place is named, and return those that are left.

        Raises:
            InvalidInput: There is no such role.
            AccountNotFound: No account has this login.
        """
        domain.refuse_impossible(wanted, self._clock.now(), asks_place=False)
        async with self._database.transaction() as tx:
            account = await self._lock(tx, login)
            taken = [
                one.id
                for one in await repository.list_held(tx, account.id)
                if one.role == wanted.role and wanted.claim in {None, one.claim}
            ]
            by = By(account_id=None, reason=reason)
            now = self._clock.now()
            return (await self._granting.take(tx, account, taken, by, now, even_the_last=True)).roles

    async def _lock(self, tx: Transaction, login: str) -> Account:
        try:
            normal = sign_in.login_of(login, self._phone_region)
        except InvalidLogin:
            raise AccountNotFound(f"{login} is neither an e-mail address nor a phone number") from None
        account = await shared.lock_account(tx, normal)
        if account is None:
            raise AccountNotFound(f"no account has the login {normal.value}")
        return account


class RoleGrants:
    """The roles of accounts, as staff see and change them."""

    def __init__(
        self,
        database: Database,
        *,
        granting: Granting,
        permissions: Mapping[str, Sequence[str]],
        verifier: Verifier,
        clock: Clock,
    ) -> None:
        self._database = database
        self._granting = granting
        self._permissions = permissions
        self._verifier = verifier
        self._clock = clock

    def show_roles(self) -> list[RoleShown]:
        """Return every role with what it opens, as the services declare it."""
        given = self._permissions.items()
        return [
            RoleShown(
                role=role,
                permissions=tuple(sorted(name for name, roles in given if role in roles)),
                denied=tuple(sorted(name for name, roles in given if f"!{role}" in roles)),
                has_place=role == DEVELOPER,
            )
            for role in (PLAYER, *sorted(GRANTABLE))
        ]

    async def page(
        self,
        *,
        account_id: UUID | None = None,
        role: str | None = None,
        organisation_id: UUID | None = None,
        include_ended: bool = False,
        limit: int,
        cursor: str | None,
    ) -> Page[RoleGranted]:
        """Return a page of grants, the latest first."""
        position = decode_cursor(cursor, GrantPosition)
        rows = await repository.list_shown(
            self._database,
            account_id=account_id,
            role=role,
            organisation_id=organisation_id,
            include_ended=include_ended,
            before=(position.granted_at, position.id) if position else None,
            limit=limit + 1,
        )
        return page_of(rows, limit, lambda row: GrantPosition(row.granted_at, row.id))

    async def give(self, caller: Caller, order: RoleOrder) -> RoleGranted:
        """Give a role; the same one twice gives it once.

        Raises:
            InvalidInput: The role and its place do not fit.
            RoleToOneself: The caller would raise themselves.
            AdminByAdmin: Only an administrator makes administrators.
            AccountNotFound: There is no such account.
            TooManyGrants: The account has as many as one may have.
        """
        wanted = Wanted(
            role=order.role,
            organisation_id=order.organisation_id,
            level=order.level,
            game_id=order.game_id,
            expires_at=order.expires_at,
        )
        domain.refuse_impossible(wanted, self._clock.now())
        if order.account_id == caller.account_id:
            raise RoleToOneself
        if order.role == ADMIN and ADMIN not in caller.roles:
            raise AdminByAdmin
        async with self._database.transaction() as tx:
            account = await _lock_by_id(tx, order.account_id)
            change = await self._granting.give(
                tx, account, wanted, _by(caller, order.reason), self._clock.now()
            )
            shown = await repository.find_shown(tx, change.grant_ids[0])
        refuse_here(self._verifier, change)
        if shown is None:
            raise GrantNotFound(str(change.grant_ids[0]))
        return shown

    async def take(self, caller: Caller, grant_id: UUID, *, reason: str) -> None:
        """Take a role.

        Raises:
            GrantNotFound: There is no such grant, or it has ended.
            AdminByAdmin: Only an administrator takes the role from one.
            LastHolder: Nobody would be left who could give it again.
        """
        held = await repository.find_held(self._database, grant_id)
        if held is None:
            raise GrantNotFound(str(grant_id))
        if held.role == ADMIN and ADMIN not in caller.roles:
            raise AdminByAdmin
        async with self._database.transaction() as tx:
            account = await _lock_by_id(tx, held.account_id)
            change = await self._granting.take(
                tx, account, [grant_id], _by(caller, reason), self._clock.now()
            )
        refuse_here(self._verifier, change)

    async def end_expired(self) -> None:
        """Take the roles whose time is over, and forget those that ended long ago."""
        expired = await repository.list_expired(self._database, self._clock.now(), EXPIRED_AT_ONCE_MAX)
        for account_id in dict.fromkeys(one.account_id for one in expired):
            by = By(account_id=None, reason="its time is over")
            due = [one.id for one in expired if one.account_id == account_id]
            async with self._database.transaction() as tx:
                account = await _lock_by_id(tx, account_id)
                now = self._clock.now()
                # Somebody may have given it more time since it was looked up.
                held = {one.id: one.expires_at for one in await repository.list_held(tx, account_id)}
                over = [one for one in due if (ends := held.get(one)) and ends <= now]
                change = await self._granting.take(tx, account, over, by, now, even_the_last=True)
            refuse_here(self._verifier, change)
        deleted = DELETED_AT_ONCE_MAX
        while deleted == DELETED_AT_ONCE_MAX:
            async with self._database.transaction() as tx:
                deleted = await repository.delete_ended_before(
                    tx, self._clock.now() - ENDED_KEPT_FOR, DELETED_AT_ONCE_MAX
                )


class Members:
    """Who may do what in an organisation, as the service that owns organisations changes it for its owners.

    The first owner makes themselves: the service asks for it when it has made the organisation.
    """

    def __init__(
        self,
        database: Database,
        *,
        granting: Granting,
        permissions: Permissions,
        verifier: Verifier,
        clock: Clock,
    ) -> None:
        self._database = database
        self._granting = granting
        self._permissions = permissions
        self._verifier = verifier
        self._clock = clock

    async def give(self, caller: Caller, account_id: UUID, wanted: Wanted, *, reason: str) -> UUID:
        """Make somebody a member, and return the id of the grant; the same twice gives it once.

        Raises:
            InvalidInput: The level or the place does not fit.
            Forbidden: The caller is no owner of the organisation.
            RoleToOneself: The caller would raise themselves.
            AccountNotFound: There is no such account.
            TooManyGrants: The account has as many as one may have.
        """
        domain.refuse_impossible(wanted, self._clock.now())
        async with self._database.transaction() as tx:
            account = await _lock_by_id(tx, account_id)
            await self._refuse_stranger(tx, caller, account, wanted)
            change = await self._granting.give(tx, account, wanted, _by(caller, reason), self._clock.now())
        refuse_here(self._verifier, change)
        return change.grant_ids[0]

    async def take(self, caller: Caller, account_id: UUID, place: Wanted, *, reason: str) -> None:
        """Take a level from a member, or with none all that they have there. What is gone already is no error.

        Raises:
            Forbidden: The caller is neither an owner of the organisation nor the member.
            AccountNotFound: There is no such account.
            LastHolder: The organisation would have no owner.
        """
        async with self._database.transaction() as tx:
            account = await _lock_by_id(tx, account_id)
            if account_id != caller.account_id or caller.scope != FULL_SCOPE:
                await self._refuse_no_owner(tx, caller, place)
            taken = [
                one.id
                for one in await repository.list_held(tx, account_id)
                if one.organisation_id == place.organisation_id
                and place.level in {None, one.level}
                and place.game_id in {None, one.game_id}
            ]
            change = await self._granting.take(tx, account, taken, _by(caller, reason), self._clock.now())
        refuse_here(self._verifier, change)

    async def places_of(self, caller: Caller) -> tuple[str, ...]:
        """Return all places that the caller's token stands for; a key that is narrowed to some stands for those alone."""
        async with self._database.transaction() as tx:
            now = self._clock.now()
            held = await repository.list_held(tx, caller.account_id)
            living = [one for one in held if one.expires_at is None or one.expires_at > now]
            return await narrowing.places_of(tx, caller.session_id, domain.claims_of(living))

    async def refuse_reader(
        self, caller: Caller, account_id: UUID | None, organisation_id: UUID | None
    ) -> None:
        """Refuse to show grants to whom they do not concern.

        Raises:
            Forbidden: They are neither the caller's own, nor those of an organisation of theirs, nor is the caller staff.
        """
        is_own = account_id == caller.account_id
        is_member = organisation_id is not None and (
            bool(caller.levels_in(organisation_id))
            or (caller.grants_more and bool(levels_in(await self._all_of(caller), organisation_id)))
        )
        if not (is_own or is_member or self._permissions.allows(caller, MAY_READ)):
            raise Forbidden("neither one's own grants nor those of one's organisation")

    async def _all_of(self, caller: Caller) -> list[RoleGrant]:
        return [RoleGrant.parse(text) for text in await self.places_of(caller)]

    async def _refuse_stranger(
        self, tx: Transaction, caller: Caller, account: Account, wanted: Wanted
    ) -> None:
        """Refuse whoever may not give this. An owner may give themselves less, for one game: that raises nobody."""
        organisation_id = _placed(wanted)
        # Two who found one organisation at the same time: the second finds it known.
        await repository.lock_holders(tx, DEVELOPER, organisation_id, OWNER)
        is_whole = wanted.level == OWNER and wanted.game_id is None and wanted.expires_at is None
        founds = is_whole and not await repository.is_known_organisation(tx, organisation_id)
        is_own = account.id == caller.account_id
        if is_own and founds and caller.scope == FULL_SCOPE:
            return
        try:
            await self._refuse_no_owner(tx, caller, wanted, as_staff=not is_own)
        except Forbidden:
            if is_own:
                raise RoleToOneself from None
            raise

    async def _refuse_no_owner(
        self, tx: Transaction, caller: Caller, place: Wanted, *, as_staff: bool = True
    ) -> None:
        """What the caller's token says may be minutes old, and need not be all; the rows are the truth."""
        if caller.scope != FULL_SCOPE:
            raise Forbidden(f"the token is narrowed to {caller.scope!r}")
        if as_staff and self._permissions.allows(caller, MAY_GRANT):
            return
        now = self._clock.now()
        own = await repository.list_held(tx, caller.account_id)
        owned = (one for one in own if one.expires_at is None or one.expires_at > now)
        claims = [one.claim for one in owned if one.claim]
        if OWNER not in levels_in(claims, _placed(place)):
            raise Forbidden("only an owner of the organisation changes who belongs to it")


def refuse_here(verifier: Verifier, change: Change) -> None:
    """The events tell all processes; this one need not wait for them."""
    if change.tokens_not_before:
        verifier.revoke_account(change.account_id, change.tokens_not_before)
    for session_id in change.ended:
        verifier.revoke_session(session_id)


async def _lock_by_id(tx: Transaction, account_id: UUID) -> Account:
    account = await shared.lock_account_by_id(tx, account_id)
    if account is None:
        raise AccountNotFound(f"no account {account_id}")
    return account


def _by(caller: Caller, reason: str) -> By:
    return By(account_id=caller.account_id, session_id=caller.session_id, reason=reason)


def _placed(wanted: Wanted) -> UUID:
    if wanted.organisation_id is None:
        raise Forbidden("no organisation is named")
    return wanted.organisation_id
