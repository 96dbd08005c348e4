"""The way in: from a proof of who somebody is to a session, whatever the proof was.

A password, a provider's word, a passkey: each ends here. `admit` takes a first proof and asks for the second factor where the account
has one and the device is not trusted; `open` starts the session of somebody who has proved enough.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.kit.ids import IdSource
from samovar.services.auth import domain
from samovar.services.auth import repository as shared
from samovar.services.auth.alerts.telling import Telling
from samovar.services.auth.client import Client
from samovar.services.auth.contract.events import SessionStarted
from samovar.services.auth.domain import AAL1, DEVICE_TRUSTED_FOR, Proof
from samovar.services.auth.factors.challenges import Challenges
from samovar.services.auth.repository import Account, Device
from samovar.services.auth.risk import signals
from samovar.services.auth.schemas import MfaRequired, SignedIn
from samovar.services.auth.sessions import ending, repository
from samovar.services.auth.sessions.families import expiry
from samovar.services.auth.sessions.repository import NewSession
from samovar.services.auth.settings import AuthSettings
from samovar.services.auth.tokens.opaque import SEED_BYTES, DeviceTokens
from samovar.services.auth.tokens.pairs import Pairs
from samovar.services.auth.tokens.signing import Grant


class Admission:
    """Lets people in. Its methods run in the caller's transaction, which holds the account's row."""

    def __init__(
        self,
        *,
        settings: AuthSettings,
        pairs: Pairs,
        device_tokens: DeviceTokens,
        challenges: Challenges,
        telling: Telling,
        new_id: IdSource,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._settings = settings
        self._pairs = pairs
        self._device_tokens = device_tokens
        self._challenges = challenges
        self._telling = telling
        self._new_id = new_id
        self._random_bytes = random_bytes

    def known_device(self, client: Client, account_id: UUID) -> UUID | None:
        """Return the device that a client shows by its token, if the account ever signed in on it."""
        return self._device_tokens.device_of(client.device_token, account_id)

    async def admit(
        self, tx: Transaction, account: Account, client: Client, amr: tuple[str, ...], now: datetime
    ) -> SignedIn | MfaRequired:
        """Take a first proof, and start a session or ask for the second factor.

        On a trusted device the session counts as proved when the second factor last was: what needs a fresh proof asks again. A
        sign-in that looks unlike its owner is asked for it there as well.
        """
        if not account.second_factors:
            return await self.open(tx, account, client, Proof(amr, AAL1, now), now)
        device = await self._find_device(tx, account.id, client)
        is_trusted = device and device.trusted_until and now < device.trusted_until
        if device and device.proved_at and is_trusted and not client.must_prove:
            if await self._risks(tx, account, client, device, now):
                return await self._challenges.ask(tx, account, amr, now)
            return await self.open(tx, account, client, Proof(amr, AAL1, device.proved_at), now)
        return await self._challenges.ask(tx, account, amr, now)

    async def open(
        self,
        tx: Transaction,
        account: Account,
        client: Client,
        proof: Proof,
        now: datetime,
        *,
        trust_device: bool = False,
        is_first: bool = False,
        parent_id: UUID | None = None,
    ) -> SignedIn:
        """Start a session.

        Args:
            tx: The transaction that holds the account's row.
            account: Who comes in.
            client: On what.
            proof: What showed who they are, which is enough.
            now: The present moment.
            is_first: The account has just been made.
            trust_device: Do not ask for the second factor on this device for a while.
            parent_id: The session in which the person let this one in: when that one was stolen, so was this.
        """
        known = await self._find_device(tx, account.id, client)
        risk = () if is_first else await self._risks(tx, account, client, known, now)
        device_id = known.id if known else self._new_id()
        await shared.see_device(
            tx, account.id, device_id, name=client.device_name, address=client.address, now=now
        )
        if trust_device:
            until = now + DEVICE_TRUSTED_FOR
            await shared.trust_device(tx, device_id, trusted_until=until, proved_at=now)
        session = NewSession(
            id=self._new_id(),
            account_id=account.id,
            parent_id=parent_id,
            device_id=device_id,
            amr=proof.amr,
            acr=proof.acr,
            started_at=now,
            authenticated_at=proof.proved_at,
            expires_at=expiry(self._settings, started_at=now, now=now),
            seed=self._random_bytes(SEED_BYTES),
            address=client.address,
        )
        await repository.insert_session(tx, session)
        surplus = await repository.end_surplus_sessions(
            tx, account.id, keep=domain.SESSIONS_PER_ACCOUNT_MAX, reason="too_many_sessions", now=now
        )
        await ending.announce(tx, surplus, "too_many_sessions", now)
        if known is None and not is_first:
            await self._telling.tell_new_device(tx, account, client, now)
        await tx.publish(
            SessionStarted(
                account_id=account.id,
                session_id=session.id,
                amr=session.amr,
                is_known_device=known is not None,
                is_first=is_first,
                device_id=device_id,
                device_name=client.device_name,
                address=client.address,
                started_at=now,
                risk=risk,
            )
        )
        return self._signed_in(account, session, now)

    async def _risks(
        self, tx: Transaction, account: Account, client: Client, device: Device | None, now: datetime
    ) -> tuple[str, ...]:
        return await signals.risks_of(
            tx, account.id, address=client.address, is_known_device=device is not None, now=now
        )

    async def _find_device(self, tx: Transaction, account_id: UUID, client: Client) -> Device | None:
        known = self.known_device(client, account_id)
        return await shared.find_device(tx, account_id, known) if known else None

    def _signed_in(self, account: Account, session: NewSession, now: datetime) -> SignedIn:
        grant = Grant(
            account_id=account.id,
            session_id=session.id,
            roles=account.roles,
            grants=account.grants,
            scope=session.scope,
            amr=session.amr,
            acr=session.acr,
            authenticated_at=session.authenticated_at,
            tokens_not_before=account.tokens_not_before,
        )
        tokens = self._pairs.make(grant, seed=session.seed, generation=0, token_id=self._new_id(), now=now)
        device_token = self._device_tokens.make(account.id, session.device_id or session.id)
        return SignedIn(account_id=account.id, device_token=device_token, **msgspec.structs.asdict(tokens))
