"""Registering passkeys, signing in with them, and what their owner does with them."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import NotFound
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page
from samovar.kit.rest.etags import require_match
from samovar.services.auth import repository as accounts
from samovar.services.auth.audit import Audit
from samovar.services.auth.client import Client
from samovar.services.auth.domain import AAL2, Proof
from samovar.services.auth.errors import LastWayIn, PasskeyKnown, PasskeyRefused, TooManyPasskeys
from samovar.services.auth.factors.enrolment import Change, Enrolment
from samovar.services.auth.factors.freshness import require_proof
from samovar.services.auth.passkeys import repository
from samovar.services.auth.passkeys.assertions import Assertions
from samovar.services.auth.passkeys.ceremonies import Ceremonies
from samovar.services.auth.passkeys.domain import PASSKEYS_PER_ACCOUNT_MAX, TRANSPORTS
from samovar.services.auth.passkeys.repository import NewPasskey, Passkey
from samovar.services.auth.passkeys.schemas import (
    Attestation,
    PasskeyAdded,
    PasskeyCreation,
    PasskeyRegistration,
    PasskeySeen,
)
from samovar.services.auth.passkeys.verification import Made, Refused, bytes_of, challenge_in, verify_new
from samovar.services.auth.providers.links.entry import Entry
from samovar.services.auth.repository import Account
from samovar.services.auth.schemas import Assertion, PasskeyRequest, SignedIn
from samovar.services.auth.sessions.admission import Admission


class PasskeySignIns:
    """Signing in with a passkey alone."""

    def __init__(
        self,
        database: Database,
        *,
        ceremonies: Ceremonies,
        assertions: Assertions,
        admission: Admission,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._database = database
        self._ceremonies = ceremonies
        self._assertions = assertions
        self._admission = admission
        self._audit = audit
        self._clock = clock

    async def ask(self) -> PasskeyRequest:
        """Return what any passkey for this site is to sign."""
        async with self._database.transaction() as tx:
            return await self._ceremonies.ask(
                tx, purpose="sign_in", account_id=None, bound_to=None, now=self._clock.now()
            )

    async def sign_in(self, assertion: Assertion, client: Client) -> SignedIn:
        """Start a session. A passkey whose holder was verified is two factors, so nothing more is asked.

        Raises:
            PasskeyRefused: It is unknown, or did not sign what was asked.
        """
        async with self._database.transaction() as tx:
            now = self._clock.now()
            owner = await self._owner_of(tx, assertion)
            account = await accounts.lock_account_by_id(tx, owner) if owner else None
            verdict = await self._assertions.judge(
                tx,
                assertion,
                purpose="sign_in",
                account_id=account.id if account else None,
                bound_to=None,
                now=now,
            )
            if account and verdict:
                return await self._admission.open(tx, account, client, Proof(verdict.amr, AAL2, now), now)
        await self._audit.refused(
            "sign_in.passkey", account_id=owner, address=client.address, fault=verdict.fault
        )
        raise PasskeyRefused

    async def _owner_of(self, tx: Transaction, assertion: Assertion) -> UUID | None:
        try:
            return await repository.find_owner(tx, bytes_of(assertion.raw_id))
        except Refused:
            return None


class Passkeys:
    """The passkeys of accounts."""

    def __init__(
        self,
        database: Database,
        *,
        ceremonies: Ceremonies,
        enrolment: Enrolment,
        links: Entry,
        audit: Audit,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._ceremonies = ceremonies
        self._enrolment = enrolment
        self._links = links
        self._audit = audit
        self._clock = clock
        self._new_id = new_id

    async def ask_to_make(self, caller: Caller) -> PasskeyCreation:
        """Return how the caller's authenticator is to make a passkey.

        Raises:
            StepUpRequired: The account has a second factor, and it was not given lately.
            TooManyPasskeys: The account has as many as one may have.
        """
        logins = await accounts.list_logins(self._database, caller.account_id)
        async with self._database.transaction() as tx:
            now = self._clock.now()
            account = await self._owner(tx, caller)
            require_proof(caller, account, now)
            await self._refuse_one_too_many(tx, account.id)
            return await self._ceremonies.ask_to_make(
                tx,
                account.id,
                login=logins[0].value if logins else "",
                session_id=caller.session_id,
                now=now,
            )

    async def register(
        self, caller: Caller, registration: PasskeyRegistration, client: Client
    ) -> PasskeyAdded:
        """Keep a passkey that the caller's authenticator has made.

        Raises:
            StepUpRequired: The account has a second factor, and it was not given lately.
            PasskeyRefused: It is not what was asked for.
            PasskeyKnown: It is kept already.
            TooManyPasskeys: The account has as many as one may have.
        """
        async with self._database.transaction() as tx:
            now = self._clock.now()
            account = await self._owner(tx, caller)
            require_proof(caller, account, now)
            await self._refuse_one_too_many(tx, account.id)
            made = await self._made(tx, caller, registration.credential, now)
            if isinstance(made, Made):
                kept = await repository.insert_passkey(
                    tx, _new_passkey(self._new_id(), account.id, registration, made), now
                )
                if kept is None:
                    raise PasskeyKnown
                change = Change(
                    credential="passkey", action="added", name=kept.name, caller=caller, client=client
                )
                codes = await self._enrolment.settle(tx, account, change, now)
                return PasskeyAdded(passkey=_as_seen(kept), recovery_codes=codes)
        await self._audit.refused(
            "passkey.register",
            account_id=caller.account_id,
            session_id=caller.session_id,
            address=client.address,
            fault=str(made),
        )
        raise PasskeyRefused

    async def page(self, caller: Caller) -> Page[PasskeySeen]:
        """Return the caller's passkeys; there are never more than one page of them."""
        found = await repository.list_passkeys(self._database, caller.account_id, PASSKEYS_PER_ACCOUNT_MAX)
        return Page([_as_seen(one) for one in found], None, total=len(found))

    async def show(self, caller: Caller, passkey_id: UUID) -> PasskeySeen:
        """Return one of the caller's passkeys.

        Raises:
            NotFound: The caller has no such passkey.
        """
        return _as_seen(await _own(self._database, caller, passkey_id))

    async def rename(
        self, caller: Caller, passkey_id: UUID, name: str, client: Client, *, if_match: str | None
    ) -> PasskeySeen:
        """Call a passkey otherwise.

        Raises:
            NotFound: The caller has no such passkey.
            PreconditionFailed: It is no longer what the client has seen.
        """
        async with self._database.transaction() as tx:
            now = self._clock.now()
            account = await self._owner(tx, caller)
            before = await _own(tx, caller, passkey_id, is_locked=True)
            require_match(if_match, _as_seen(before))
            await repository.rename_passkey(tx, account.id, passkey_id, name)
            change = Change(credential="passkey", action="changed", name=name, caller=caller, client=client)
            await self._enrolment.tell(tx, account, change, now)
        return _as_seen(msgspec.structs.replace(before, name=name))

    async def remove(self, caller: Caller, passkey_id: UUID, client: Client) -> None:
        """Forget a passkey.

        Raises:
            NotFound: The caller has no such passkey.
            StepUpRequired: The second factor was not given lately.
            LastWayIn: Without it nobody could sign in.
        """
        async with self._database.transaction() as tx:
            now = self._clock.now()
            account = await self._owner(tx, caller)
            removed = await repository.retire_passkey(tx, account.id, passkey_id, now)
            if removed is None:
                raise NotFound(f"{caller.account_id} has no passkey {passkey_id}")
            require_proof(caller, account, now)
            ways = await accounts.find_ways_in(tx, account.id)
            if not (ways and ways.is_open) and not await self._links.is_open(tx, account.id):
                raise LastWayIn
            change = Change(
                credential="passkey", action="removed", name=removed.name, caller=caller, client=client
            )
            await self._enrolment.settle(tx, account, change, now)

    async def roll_back(self, tx: Transaction, account_id: UUID, since: datetime, now: datetime) -> int:  # noqa: ARG002  of the protocol
        """Let the passkeys be again those of just before `since`; see `alerts.rollbacks`."""
        undone = await repository.delete_passkeys_since(tx, account_id, since)
        undone += await repository.restore_passkeys(tx, account_id, since)
        await self._enrolment.refresh(tx, account_id)
        return undone

    async def _owner(self, tx: Transaction, caller: Caller) -> Account:
        account = await accounts.lock_account_by_id(tx, caller.account_id)
        if account is None:
            raise NotFound(f"there is no account {caller.account_id}")
        return account

    async def _refuse_one_too_many(self, tx: Transaction, account_id: UUID) -> None:
        known = await repository.list_passkeys(tx, account_id, PASSKEYS_PER_ACCOUNT_MAX)
        if len(known) == PASSKEYS_PER_ACCOUNT_MAX:
            raise TooManyPasskeys(limit=PASSKEYS_PER_ACCOUNT_MAX)

    async def _made(
        self, tx: Transaction, caller: Caller, attestation: Attestation, now: datetime
    ) -> Made | Refused:
        """Return the new passkey, or why it is refused; the challenge is used up either way."""
        try:
            challenge = challenge_in(attestation.response.client_data_json)
            is_asked = await self._ceremonies.take(
                tx,
                challenge,
                purpose="registration",
                account_id=caller.account_id,
                bound_to=caller.session_id,
                now=now,
            )
            if not is_asked:
                return Refused("not asked for, used, or too late")
            return verify_new(
                attestation,
                challenge=challenge,
                rp_id=self._ceremonies.rp_id,
                origin=self._ceremonies.origin,
            )
        except Refused as refusal:
            return refusal


async def _own(
    asked: Database | Transaction, caller: Caller, passkey_id: UUID, *, is_locked: bool = False
) -> Passkey:
    passkey = await repository.find_passkey(asked, caller.account_id, passkey_id, is_locked=is_locked)
    if passkey is None:
        raise NotFound(f"{caller.account_id} has no passkey {passkey_id}")
    return passkey


def _new_passkey(
    passkey_id: UUID, account_id: UUID, registration: PasskeyRegistration, made: Made
) -> NewPasskey:
    said = registration.credential.response.transports
    return NewPasskey(
        id=passkey_id,
        account_id=account_id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=registration.name,
        aaguid=made.aaguid,
        transports=tuple(sorted(TRANSPORTS.intersection(said))),
        is_backup_eligible=made.is_backup_eligible,
        is_backed_up=made.is_backed_up,
    )


def _as_seen(passkey: Passkey) -> PasskeySeen:
    return PasskeySeen(
        id=passkey.id,
        name=passkey.name,
        is_synced=passkey.is_backed_up,
        created_at=passkey.created_at,
        last_used_at=passkey.last_used_at,
    )
