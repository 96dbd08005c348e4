"""Letting another device in: it begins, somebody who is signed in looks and decides, it gets its session."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.rest.client import network_of
from samovar.services.auth import repository as accounts
from samovar.services.auth.audit import Audit
from samovar.services.auth.client import Client
from samovar.services.auth.clients.domain import (
    DEVICE_CODE,
    SAMOVAR_DESKTOP,
    SCOPES,
    RegisteredClient,
    granted,
)
from samovar.services.auth.clients.registry import Registry
from samovar.services.auth.consents import remembering
from samovar.services.auth.contract.events import SignInRefused
from samovar.services.auth.device_code import domain, repository
from samovar.services.auth.device_code.attempts import DeviceAttempts
from samovar.services.auth.device_code.domain import COLLECTED_WITHIN, Look
from samovar.services.auth.device_code.errors import (
    DeviceNumberWrong,
    DeviceRequestInvalid,
    DeviceRequestTaken,
)
from samovar.services.auth.device_code.polling import Approval, Polling
from samovar.services.auth.device_code.repository import DeviceRequest
from samovar.services.auth.device_code.requests import DeviceRequests
from samovar.services.auth.device_code.schemas import (
    Approver,
    BrowserApprover,
    DeviceClient,
    DeviceRequestSeen,
    DeviceStarted,
)
from samovar.services.auth.domain import Proof
from samovar.services.auth.errors import OAuthError
from samovar.services.auth.pages.qr import svg_of
from samovar.services.auth.schemas import SignedIn
from samovar.services.auth.sessions import approving
from samovar.services.auth.sessions.admission import Admission
from samovar.services.auth.sessions.browsing import Browsing
from samovar.services.auth.tokens.opaque import PresentedRefreshToken

DELETED_AT_ONCE_MAX = 10_000


class DeviceSignIn:
    """Signing in by another device."""

    def __init__(
        self,
        database: Database,
        *,
        requests: DeviceRequests,
        polling: Polling,
        attempts: DeviceAttempts,
        admission: Admission,
        registry: Registry,
        browsing: Browsing,
        audit: Audit,
        clock: Clock,
        origin: str,
    ) -> None:
        self._database = database
        self._requests = requests
        self._polling = polling
        self._attempts = attempts
        self._admission = admission
        self._registry = registry
        self._browsing = browsing
        self._audit = audit
        self._clock = clock
        self._origin = origin

    async def begin(self, client: Client) -> DeviceStarted:
        """Begin on a device that runs the platform's own program.

        Raises:
            TooManyAttempts: Too many devices want in from this address.
        """
        return await self._begin(SAMOVAR_DESKTOP, "", client)

    async def begin_for(self, program: RegisteredClient, scope: str, client: Client) -> DeviceStarted:
        """Begin on a device that runs a registered program, which has shown that it is that one.

        Raises:
            OAuthError: `unauthorized_client`, `invalid_scope`.
            TooManyAttempts: Too many devices want in from this address, or with this program.
        """
        if DEVICE_CODE not in program.grant_types:
            raise OAuthError("unauthorized_client", "the client may not let devices in")
        asked = scope.split()
        if not set(asked) & set(SCOPES) <= set(program.scopes):
            raise OAuthError("invalid_scope", "the client may not ask for that much")
        wanted = granted(asked, program.scopes)
        if not wanted and not program.first_party:
            raise OAuthError("invalid_scope", "nothing is asked for that this platform knows")
        return await self._begin(program.id, " ".join(wanted), client)

    async def approver_of(self, cookie: str | None, client: Client) -> BrowserApprover | None:
        """Return who is signed in at a browser."""
        async with self._database.transaction() as tx:
            session = await self._browsing.find(tx, cookie, self._clock.now(), address=client.address)
            if session is None:
                return None
            logins = await accounts.list_logins(tx, session.account_id)
        return BrowserApprover(
            approver=Approver(session.account_id, session.id),
            login=logins[0].value if logins else "",
            proved_at=session.authenticated_at,
        )

    async def look(self, approver: Approver, user_code: str, client: Client) -> DeviceRequestSeen:
        """Show what wants in, and let nobody else decide about it from then on.

        Raises:
            DeviceRequestInvalid: There is no such code, or no longer.
            DeviceRequestTaken: It was opened before on another device, or by another account; then nothing more comes of it.
            Forbidden: What asks is no person.
            TooManyAttempts: Too many codes were tried.
        """
        await self._attempts.count_look(approver.account_id, client.address)
        async with self._database.transaction() as tx:
            now = self._clock.now()
            request = await self._requests.lock_by_user_code(tx, user_code)
            await approving.hold(tx, approver.session_id, now)
            program = await self._registry.find(request.client_id, tx) if request else None
            look = Look.OVER
            if request and program:
                look = domain.decide_look(request, approver.account_id, approver.session_id, now)
            if request and program and look in {Look.CLAIM, Look.SHOW}:
                if look is Look.CLAIM:
                    await repository.claim(
                        tx,
                        request.id,
                        account_id=approver.account_id,
                        session_id=approver.session_id,
                    )
                return _seen(request, program, user_code, client)
            if request and look is Look.KILL:
                await self._kill(tx, request, "second_scan", client, now)
        await self._refused("device_request.opened", approver, client, request, look.name.lower())
        raise DeviceRequestInvalid if look is Look.OVER else DeviceRequestTaken

    async def approve(self, approver: Approver, user_code: str, number: int, client: Client) -> None:
        """Let the device in that shows this number. One wrong number is the end of the request.

        The same answer twice is one approval.

        Raises:
            DeviceRequestInvalid: There is no such code, no longer, or the caller has not opened it.
            DeviceNumberWrong: The device shows another number.
            Forbidden: What asks is no person.
            TooManyAttempts: Too many answers of this account.
        """
        await self._attempts.count_answer(approver.account_id)
        async with self._database.transaction() as tx:
            now = self._clock.now()
            request = await self._requests.lock_by_user_code(tx, user_code)
            session = await approving.hold(tx, approver.session_id, now)
            is_theirs = request is not None and _is_claimed_by(request, approver, now)
            if request and is_theirs and number == request.match_number:
                if request.state != "approved":
                    proof = Proof(session.amr, session.acr, session.authenticated_at)
                    expires_at = max(request.expires_at, now + COLLECTED_WITHIN)
                    await repository.approve(tx, request.id, proof, expires_at=expires_at)
                    await self._let_know(tx, request, approver, now)
                    await self._audit.done(tx, "device_request.approved", **_told(approver, client, request))
                return
            if request and is_theirs:
                await self._kill(tx, request, "wrong_number", client, now)
        reason = "wrong_number" if is_theirs else "not_open"
        await self._refused("device_request.approved", approver, client, request, reason)
        raise DeviceNumberWrong if is_theirs else DeviceRequestInvalid

    async def deny(self, approver: Approver, user_code: str, client: Client, *, is_not_me: bool) -> None:
        """Let nothing more come of a request; also after it was approved, as long as the device has not come for it.

        Raises:
            DeviceRequestInvalid: There is no such code, no longer, or the caller has not opened it.
            Forbidden: What asks is no person.
            TooManyAttempts: Too many answers of this account.
        """
        await self._attempts.count_answer(approver.account_id)
        async with self._database.transaction() as tx:
            now = self._clock.now()
            request = await self._requests.lock_by_user_code(tx, user_code)
            await approving.hold(tx, approver.session_id, now)
            if request is None or not _is_claimed_by(request, approver, now):
                raise DeviceRequestInvalid
            reason = "not_me" if is_not_me else "denied"
            await repository.kill(tx, request.id, reason)
            await self._audit.done(
                tx, "device_request.denied", **_told(approver, client, request), reason=reason
            )

    async def collect(self, device_code: str, client: Client) -> SignedIn:
        """Return the session of a device that was let in; see `Polling.collect` for what is raised."""

        async def opening(tx: Transaction, approval: Approval, now: datetime) -> tuple[UUID, SignedIn]:
            account = await accounts.lock_account_by_id(tx, approval.account_id)
            if account is None:
                raise LookupError(f"{approval.account_id} has just approved")
            device = msgspec.structs.replace(client, device_name=approval.device_name)
            signed_in = await self._admission.open(
                tx, account, device, approval.proof, now, parent_id=approval.session_id
            )
            return PresentedRefreshToken.parse(signed_in.refresh_token).session_id, signed_in

        return await self._polling.collect(device_code, SAMOVAR_DESKTOP, client, opening)

    async def forget_old(self) -> None:
        """Delete requests that ran out a while ago."""
        async with self._database.transaction() as tx:
            ran_out_before = self._clock.now() - domain.KEPT_FOR
            await repository.delete_requests_before(tx, ran_out_before, DELETED_AT_ONCE_MAX)

    async def _begin(self, client_id: str, scope: str, client: Client) -> DeviceStarted:
        await self._attempts.count_request(client_id, client.address)
        async with self._database.transaction() as tx:
            opened = await self._requests.open(
                tx,
                client_id=client_id,
                scope=scope,
                device_name=client.device_name,
                address=client.address,
                now=self._clock.now(),
            )
        page = self._origin + domain.PAGE
        link = f"{page}?user_code={opened.user_code}"
        return DeviceStarted(
            device_code=opened.device_code,
            user_code=opened.user_code,
            verification_uri=page,
            verification_uri_complete=link,
            expires_in=int(self._requests.lives_for.total_seconds()),
            interval=domain.INTERVAL_S,
            match_number=opened.match_number,
            qr_svg=svg_of(link),
        )

    async def _let_know(
        self, tx: Transaction, request: DeviceRequest, approver: Approver, now: datetime
    ) -> None:
        """Remember what somebody else's program may know: the yes to the device was a yes to that, which stood beside it."""
        program = await self._registry.find(request.client_id, tx)
        if program and not program.first_party:
            scopes = tuple(request.scope.split())
            await remembering.remember(tx, approver.account_id, program.id, scopes, now)
            await self._audit.done(
                tx,
                "consent.given",
                account_id=approver.account_id,
                session_id=approver.session_id,
                client_id=program.id,
                scope=request.scope,
            )

    async def _kill(
        self, tx: Transaction, request: DeviceRequest, reason: str, client: Client, now: datetime
    ) -> None:
        """End a request that somebody may be deceived with, and let its first reader know."""
        await repository.kill(tx, request.id, reason)
        if request.account_id:
            await tx.publish(
                SignInRefused(
                    account_id=request.account_id,
                    reason=reason,
                    device_name=request.device_name,
                    address=request.address,
                    refused_from=client.address,
                    refused_at=now,
                )
            )

    async def _refused(
        self, action: str, approver: Approver, client: Client, request: DeviceRequest | None, reason: str
    ) -> None:
        await self._audit.refused(
            action,
            account_id=approver.account_id,
            session_id=approver.session_id,
            address=client.address,
            request_id=str(request.id) if request else None,
            reason=reason,
        )


def _is_claimed_by(request: DeviceRequest, approver: Approver, now: datetime) -> bool:
    is_live = request.state in {"claimed", "approved"} and request.expires_at > now
    return is_live and (request.account_id, request.session_id) == (approver.account_id, approver.session_id)


def _told(approver: Approver, client: Client, request: DeviceRequest) -> dict[str, Any]:
    """Return what the audit keeps of a decision."""
    return {
        "account_id": approver.account_id,
        "session_id": approver.session_id,
        "address": client.address,
        "request_id": str(request.id),
        "client_id": request.client_id,
        "device_name": request.device_name,
        "device_address": request.address,
    }


def _seen(
    request: DeviceRequest, program: RegisteredClient, user_code: str, client: Client
) -> DeviceRequestSeen:
    shown = DeviceClient(
        name=program.name,
        developer_name=None if program.first_party else program.developer_name,
        is_first_party=program.first_party,
        scopes=() if program.first_party else tuple(request.scope.split()),
    )
    return DeviceRequestSeen(
        id=request.id,
        user_code=domain.user_code_of(user_code) or "",
        client=shown,
        device_name=request.device_name,
        address=request.address,
        is_same_network=network_of(request.address) == network_of(client.address),
        numbers=request.numbers,
        requested_at=request.created_at,
        expires_at=request.expires_at,
    )
