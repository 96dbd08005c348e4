"""Making, showing, ending and exchanging API keys."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, Forbidden, InvalidInput, NotFound
from samovar.kit.identity import (
    BY_API_KEY,
    FULL_SCOPE,
    ApiKeyInvalid,
    Caller,
    Permissions,
    SessionRevoked,
)
from samovar.kit.identity.verifier import Verifier
from samovar.kit.ids import IdSource
from samovar.kit.limits import Limits
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.kit.rest.client import network_of
from samovar.kit.routes import RateLimit
from samovar.services.auth import repository as shared
from samovar.services.auth.api_keys import domain, repository
from samovar.services.auth.api_keys.domain import KEYS_PER_ACCOUNT_MAX, USE_NOTED_EVERY
from samovar.services.auth.api_keys.repository import KeyScope, PresentedKey
from samovar.services.auth.api_keys.schemas import ApiKeyMade, ApiKeyOrder, ApiKeySeen, OrganisationKey
from samovar.services.auth.audit import Audit
from samovar.services.auth.contract.events import CredentialChanged
from samovar.services.auth.domain import AAL1
from samovar.services.auth.errors import TooManyApiKeys, TooManyAttempts
from samovar.services.auth.roles import places
from samovar.services.auth.roles.domain import OWNER
from samovar.services.auth.sessions import beginning, ending
from samovar.services.auth.sessions.strengthening import Strengthening
from samovar.services.auth.tokens import keys
from samovar.services.auth.tokens.opaque import NotOurToken
from samovar.services.auth.tokens.signing import Grant, Signer

# The gateway asks once in minutes for a key that is in use; only somebody who tries many comes near this.
EXCHANGES = RateLimit(600, per_s=60)
# A server that goes on with a dead key is recorded now and then, not every few seconds for years.
REFUSALS_RECORDED = RateLimit(1, per_s=600)


class KeyPosition(msgspec.Struct, frozen=True):
    """Where a page of API keys ended."""

    id: UUID


class Exchanged(NamedTuple):
    """What stands for an API key for a few minutes.

    Attributes:
        is_bound_to_address: The key counts from some networks only.
    """

    access_token: str
    expires_in_s: int
    is_bound_to_address: bool


class ApiKeys:
    """The API keys of an account."""

    def __init__(
        self,
        database: Database,
        *,
        strengthening: Strengthening,
        permissions: Permissions,
        verifier: Verifier,
        audit: Audit,
        clock: Clock,
        new_id: IdSource,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._strengthening = strengthening
        self._permissions = permissions
        self._verifier = verifier
        self._audit = audit
        self._clock = clock
        self._new_id = new_id
        self._random_bytes = random_bytes

    async def make(
        self, caller: Caller, order: ApiKeyOrder, address: str, *, as_owner: bool = False
    ) -> ApiKeyMade:
        """Make an API key.

        Args:
            caller: Who makes it.
            order: What is wanted.
            address: Where the caller is.
            as_owner: Only for an owner of the organisation.

        Raises:
            InvalidInput: The caller may do nothing of the scope, a network is none, or a game is named without its organisation.
            Forbidden: The caller is no person, or has nothing in the organisation, or does not own it.
            TooManyApiKeys: The account has as many as one may have.
        """
        networks = domain.checked_networks(order.networks)
        if order.game_id and not order.organisation_id:
            raise InvalidInput(
                fields=[FieldError("game_id", "game_with_organisation", "a game is part of an organisation")]
            )
        key = keys.key_of(self._random_bytes(keys.SECRET_BYTES))
        async with self._database.transaction() as tx:
            now = self._clock.now()
            await shared.lock_account_by_id(tx, caller.account_id)
            session = await self._strengthening.hold(tx, caller)
            if session.ended_at is not None or session.expires_at <= now:
                raise SessionRevoked
            roles, grants = domain.narrowed(
                session.roles, session.grants, order.organisation_id, order.game_id
            )
            if order.organisation_id and not grants:
                raise Forbidden(f"{caller.account_id} has no role in {order.organisation_id}")
            if as_owner and order.organisation_id:
                await _refuse_no_owner(tx, caller, order.organisation_id, now)
            scope = domain.checked_scope(order.scope, self._permissions.held_by(roles))
            if await repository.count_live(tx, caller.account_id, now) >= KEYS_PER_ACCOUNT_MAX:
                raise TooManyApiKeys(limit=KEYS_PER_ACCOUNT_MAX)
            key_id, expires_at = self._new_id(), now + timedelta(days=order.expires_in_days)
            name = order.name.strip()
            await beginning.begin_api_key(
                tx,
                key_id,
                session,
                scope=scope,
                name=name,
                address=address,
                now=now,
                expires_at=expires_at,
            )
            await repository.insert_key(
                tx,
                key_id,
                key_hash=keys.digest_of(key),
                hint=keys.hint_of(key),
                organisation_id=order.organisation_id,
                game_id=order.game_id,
                networks=networks,
            )
            told = KeyScope(key_id, name, scope, order.organisation_id, order.game_id, caller.account_id)
            await _tell(tx, self._audit, "added", told, caller, address, now)
        return ApiKeyMade(
            id=key_id,
            key=key,
            name=name,
            hint=keys.hint_of(key),
            scope=scope,
            organisation_id=order.organisation_id,
            game_id=order.game_id,
            networks=networks,
            created_at=now,
            expires_at=expires_at,
        )

    async def page(self, caller: Caller, *, limit: int, cursor: str | None) -> Page[ApiKeySeen]:
        """Return a page of the caller's keys, the latest first."""
        position = decode_cursor(cursor, KeyPosition)
        rows = await repository.list_keys(
            self._database,
            caller.account_id,
            now=self._clock.now(),
            before=position.id if position else None,
            limit=limit + 1,
        )
        return page_of(rows, limit, lambda row: KeyPosition(row.id))

    async def end(self, caller: Caller, key_id: UUID, address: str) -> None:
        """End a key; its tokens are refused everywhere within seconds.

        Raises:
            NotFound: The caller has no such key, or it is over.
        """
        found = await repository.find_live(self._database, caller.account_id, key_id, self._clock.now())
        if found is None:
            raise NotFound(f"{caller.account_id} has no live API key {key_id}")
        async with self._database.transaction() as tx:
            now = self._clock.now()
            if await ending.end(tx, key_id, "revoked", now):
                await _tell(tx, self._audit, "removed", found, caller, address, now)
        self._verifier.revoke_session(key_id)


class OrganisationKeys:
    """The API keys that hold in one organisation, whoever made them, as its owners see and end them."""

    def __init__(self, database: Database, *, verifier: Verifier, audit: Audit, clock: Clock) -> None:
        self._database = database
        self._verifier = verifier
        self._audit = audit
        self._clock = clock

    async def page(
        self, caller: Caller, organisation_id: UUID, *, limit: int, cursor: str | None
    ) -> Page[OrganisationKey]:
        """Return a page of the keys, the latest first.

        Raises:
            Forbidden: The caller does not own the organisation.
            InvalidInput: The cursor is not one of this list.
        """
        position = decode_cursor(cursor, KeyPosition)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await _refuse_no_owner(tx, caller, organisation_id, now)
        rows = await repository.list_keys_of(
            self._database,
            organisation_id,
            now=now,
            before=position.id if position else None,
            limit=limit + 1,
        )
        return page_of(rows, limit, lambda row: KeyPosition(row.id))

    async def end(self, caller: Caller, organisation_id: UUID, key_id: UUID, address: str) -> None:
        """End a key; its tokens are refused everywhere within seconds, and its maker is told.

        Raises:
            Forbidden: The caller does not own the organisation.
            NotFound: There is no such key in the organisation, or it is over.
        """
        found = await repository.find_live_of(self._database, organisation_id, key_id, self._clock.now())
        async with self._database.transaction() as tx:
            now = self._clock.now()
            await _refuse_no_owner(tx, caller, organisation_id, now)
            if found is None:
                raise NotFound(f"{organisation_id} has no live API key {key_id}")
            if await ending.end(tx, key_id, "revoked", now):
                await _tell(tx, self._audit, "removed", found, caller, address, now)
        self._verifier.revoke_session(key_id)


class KeyExchange:
    """Exchanges API keys for short access tokens, for the gateway."""

    def __init__(
        self,
        database: Database,
        *,
        signer: Signer,
        limits: Limits,
        audit: Audit,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._signer = signer
        self._limits = limits
        self._audit = audit
        self._clock = clock
        self._new_id = new_id

    async def exchange(self, text: str, address: str) -> Exchanged:
        """Return a token narrowed to what the key is for. It proves nobody's presence: no step-up is met by it.

        Raises:
            ApiKeyInvalid: There is no such key, it is over, or the address is not in its networks.
            TooManyAttempts: The address has tried too many.
        """
        try:
            digest = keys.digest_of(text)
        except NotOurToken:
            raise ApiKeyInvalid("not of our making") from None
        decision = await self._limits.hit(f"api_key:{network_of(address)}", EXCHANGES)
        if not decision.allowed:
            raise TooManyAttempts(retry_after_s=decision.retry_after_s)
        # Before the row is read: a change of roles that the reading misses is dated later than the token.
        now = self._clock.now()
        key = await repository.find_key(self._database, digest)
        if key is None:
            raise ApiKeyInvalid("no such key")
        if fault := _fault_of(key, address, over=key.ended_at is not None or key.expires_at <= now):
            await self._record_refusal(key, address, fault)
            raise ApiKeyInvalid(fault)
        roles, grants = domain.narrowed(key.roles, key.grants, key.organisation_id, key.game_id)
        ttl_s = domain.ttl_s(now, key.expires_at, self._signer.ttl_s)
        token = self._signer.sign(
            Grant(
                account_id=key.account_id,
                session_id=key.id,
                roles=roles,
                grants=grants,
                scope=key.scope,
                amr=(BY_API_KEY,),
                acr=AAL1,
                authenticated_at=key.started_at,
                tokens_not_before=key.tokens_not_before,
            ),
            token_id=self._new_id(),
            now=now,
            ttl_s=ttl_s,
        )
        if now - key.last_used_at >= USE_NOTED_EVERY:
            async with self._database.transaction() as tx:
                await repository.note_use(tx, key.id, address=address, now=now, last=key.last_used_at)
        return Exchanged(token, ttl_s, bool(key.networks))

    async def _record_refusal(self, key: PresentedKey, address: str, fault: str) -> None:
        decision = await self._limits.hit(f"api_key_refused:{key.id}:{fault}", REFUSALS_RECORDED)
        if decision.allowed:
            await self._audit.refused(
                "api_key.used", account_id=key.account_id, session_id=key.id, address=address, why=fault
            )


def _fault_of(key: PresentedKey, address: str, *, over: bool) -> str | None:
    if over:
        return "over"
    return None if domain.admits(key.networks, address) else "other_network"


async def _refuse_no_owner(tx: Transaction, caller: Caller, organisation_id: UUID, now: datetime) -> None:
    """What the caller's token says may be minutes old, and need not be all; the rows are the truth."""
    if caller.scope != FULL_SCOPE:
        raise Forbidden(f"the token is narrowed to {caller.scope!r}")
    if OWNER not in await places.levels_of(tx, caller.account_id, organisation_id, now):
        raise Forbidden(f"{caller.account_id} is no owner of {organisation_id}")


async def _tell(
    tx: Transaction, audit: Audit, action: str, key: KeyScope, caller: Caller, address: str, now: datetime
) -> None:
    """Record what happened to a key, and let its owner be told."""
    await tx.publish(
        CredentialChanged(
            account_id=key.account_id,
            credential="api_key",
            action=action,
            name=key.name,
            session_id=caller.session_id,
            changed_at=now,
        )
    )
    await audit.done(
        tx,
        f"api_key.{action}",
        account_id=key.account_id,
        actor_id=None if key.account_id == caller.account_id else caller.account_id,
        session_id=caller.session_id,
        address=address,
        key_id=key.id,
        scope=key.scope,
    )
