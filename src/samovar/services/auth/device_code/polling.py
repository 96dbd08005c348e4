"""The new device asks whether somebody has said yes, and gets its tokens once."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import SamovarError
from samovar.kit.identity.verifier import Verifier
from samovar.services.auth.audit import Audit
from samovar.services.auth.client import Client
from samovar.services.auth.device_code import domain, repository
from samovar.services.auth.device_code.attempts import DeviceAttempts
from samovar.services.auth.device_code.domain import BY_ANOTHER_DEVICE, Poll
from samovar.services.auth.device_code.errors import (
    AuthorizationPending,
    DeviceCodeExpired,
    DeviceCodeInvalid,
    DeviceDenied,
    SlowDown,
)
from samovar.services.auth.device_code.repository import DeviceRequest
from samovar.services.auth.device_code.requests import DeviceRequests
from samovar.services.auth.domain import Proof
from samovar.services.auth.sessions import approving, ending

T = TypeVar("T")


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """A person's yes.

    Attributes:
        session_id: In which session it was said.
        proof: How the one who said it had shown who they are; the new session is never surer.
        device_name: As the person saw it.
    """

    account_id: UUID
    session_id: UUID
    scope: str
    proof: Proof
    device_name: str


Opening = Callable[[Transaction, Approval, datetime], Awaitable[tuple[UUID, T]]]
"""Opens what was agreed to, and returns its id with what the device gets."""


class Polling:
    """Answers polls."""

    def __init__(
        self,
        database: Database,
        *,
        requests: DeviceRequests,
        attempts: DeviceAttempts,
        verifier: Verifier,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._database = database
        self._requests = requests
        self._attempts = attempts
        self._verifier = verifier
        self._audit = audit
        self._clock = clock

    async def collect(self, device_code: str, client_id: str, who: Client, opening: Opening[T]) -> T:
        """Return what `opening` returns, once for each device code.

        Args:
            device_code: From the answer with which the device began.
            client_id: The program that polls: it must be the one that began.
            who: The other end.
            opening: See there.

        Raises:
            AuthorizationPending: Nobody has decided yet.
            SlowDown: It asks too often; from now on it must wait longer.
            DeviceDenied: Somebody said no, or the request is dead.
            DeviceCodeExpired: Nobody decided in time.
            DeviceCodeInvalid: There is no such code, it is another client's, or it was used.
            TooManyAttempts: Too many polls from this address.
        """
        await self._attempts.count_poll(who.address)
        async with self._database.transaction() as tx:
            now = self._clock.now()
            request = await self._requests.lock_by_device_code(tx, device_code)
            if request is None:
                raise DeviceCodeInvalid("not of our making, or long over")
            if request.client_id == client_id:
                outcome = domain.decide_poll(
                    request,
                    interval_s=request.interval_s,
                    polled_at=request.polled_at,
                    used_at=request.used_at,
                    now=now,
                )
                if outcome is Poll.GIVE and (approval := await self._still_approved(tx, request, now)):
                    opened_id, given = await opening(tx, approval, now)
                    await repository.close(tx, request.id, used_at=now, opened_id=opened_id)
                    await self._audit.done(
                        tx,
                        "device_request.collected",
                        account_id=approval.account_id,
                        session_id=opened_id,
                        address=who.address,
                        request_id=str(request.id),
                        approved_in=str(approval.session_id),
                        client_id=client_id,
                    )
                    return given
                refusal, ended = await self._refusal(tx, request, outcome, now)
            else:
                refusal, ended = DeviceCodeInvalid("of another client"), []
        for session_id in ended:
            self._verifier.revoke_session(session_id)
        if isinstance(refusal, DeviceCodeInvalid):
            await self._audit.refused(
                "device_request.collected",
                account_id=request.account_id,
                session_id=request.opened_id,
                address=who.address,
                request_id=str(request.id),
                client_id=client_id,
                reason=str(refusal),
                ended=[str(session_id) for session_id in ended],
            )
        raise refusal

    async def _still_approved(
        self, tx: Transaction, request: DeviceRequest, now: datetime
    ) -> Approval | None:
        """Return the approval if the session in which it was given still lives: whoever signs out everywhere means this too."""
        account_id, session_id, proved_at = request.account_id, request.session_id, request.authenticated_at
        if account_id is None or session_id is None or proved_at is None:
            return None
        if not await approving.still_counts(tx, session_id, now):
            await repository.kill(tx, request.id, "approver_signed_out")
            return None
        amr = tuple(dict.fromkeys((*(request.amr or ()), BY_ANOTHER_DEVICE)))
        return Approval(
            account_id=account_id,
            session_id=session_id,
            scope=request.scope,
            proof=Proof(amr, request.acr or "", proved_at),
            device_name=request.device_name,
        )

    async def _refusal(
        self, tx: Transaction, request: DeviceRequest, outcome: Poll, now: datetime
    ) -> tuple[SamovarError, list[UUID]]:
        """Return why a poll gets nothing, and which sessions have ended over it."""
        match outcome:
            case Poll.PENDING:
                await repository.note_poll(tx, request.id, polled_at=now, interval_s=request.interval_s)
                return AuthorizationPending(retry_after_s=request.interval_s), []
            case Poll.SLOW_DOWN:
                interval_s = domain.slower(request.interval_s)
                await repository.note_poll(tx, request.id, polled_at=now, interval_s=interval_s)
                return SlowDown(retry_after_s=interval_s), []
            case Poll.EXPIRED:
                return DeviceCodeExpired(), []
            case Poll.REPLAY:
                return DeviceCodeInvalid("used a moment ago"), []
            case Poll.THEFT:
                opened = request.opened_id
                ended = await ending.end(tx, opened, "code_reuse", now) if opened else []
                return DeviceCodeInvalid("used before: what it gave has ended"), [one.id for one in ended]
            case _:
                return DeviceDenied(), []
