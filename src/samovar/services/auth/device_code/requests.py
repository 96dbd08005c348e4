"""Requests of devices: made, and found again by the code for people or by the code for the device."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.kit.errors import Unavailable
from samovar.kit.ids import IdSource
from samovar.kit.settings import Secret
from samovar.services.auth.device_code import domain, repository
from samovar.services.auth.device_code.domain import RandomBelow
from samovar.services.auth.device_code.repository import DeviceRequest, NewRequest
from samovar.services.auth.tokens.opaque import NotOurToken, unwrap, wrap
from samovar.services.auth.tokens.sealing import derive_key

PREFIX = "smvq_"
SECRET_BYTES = 32
_ID_BYTES = 16
CODES_TRIED_MAX = 5


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A request that was just made, with what its device alone learns."""

    device_code: str
    user_code: str
    match_number: int

    def __repr__(self) -> str:
        return "Opened(…)"


class DeviceRequests:
    """Makes and finds requests, in the caller's transaction."""

    def __init__(
        self,
        secret: Secret,
        *,
        lives_for: timedelta,
        new_id: IdSource,
        random_bytes: Callable[[int], bytes],
        random_below: RandomBelow,
    ) -> None:
        self._key = derive_key(secret, "codes for people")
        self._lives_for = lives_for
        self._new_id = new_id
        self._random_bytes = random_bytes
        self._random_below = random_below

    @property
    def lives_for(self) -> timedelta:
        """How long a request lives."""
        return self._lives_for

    async def open(
        self,
        tx: Transaction,
        *,
        client_id: str,
        scope: str,
        device_name: str,
        address: str,
        now: datetime,
    ) -> Opened:
        """Make a request.

        Args:
            tx: The transaction.
            client_id: The program on the device.
            scope: What it wants to know, checked.
            device_name: What a person would call the device.
            address: Its network address.
            now: The present moment.
        """
        request_id, secret = self._new_id(), self._random_bytes(SECRET_BYTES)
        numbers = domain.new_numbers(self._random_below)
        match_number = numbers[self._random_below(len(numbers))]
        for _ in range(CODES_TRIED_MAX):
            user_code = domain.new_user_code(self._random_below)
            request = NewRequest(
                id=request_id,
                secret_hash=hashlib.sha256(secret).digest(),
                user_code_mac=self._mac(user_code),
                client_id=client_id,
                scope=scope,
                device_name=device_name,
                address=address,
                match_number=match_number,
                numbers=numbers,
                interval_s=domain.INTERVAL_S,
                created_at=now,
                expires_at=now + self._lives_for,
            )
            if await repository.insert_request(tx, request):
                return Opened(
                    device_code=wrap(PREFIX, request_id.bytes + secret),
                    user_code=user_code,
                    match_number=match_number,
                )
        raise Unavailable("no free code for people was found")

    async def lock_by_user_code(self, tx: Transaction, typed: str) -> DeviceRequest | None:
        """Return the request of a code that somebody typed, for this transaction alone."""
        user_code = domain.user_code_of(typed)
        return await repository.lock_request_by_code(tx, self._mac(user_code)) if user_code else None

    async def lock_by_device_code(self, tx: Transaction, device_code: str) -> DeviceRequest | None:
        """Return the request of a device's own code, for this transaction alone."""
        try:
            raw = unwrap(device_code, PREFIX, _ID_BYTES + SECRET_BYTES)
        except NotOurToken:
            return None
        request = await repository.lock_request(tx, UUID(bytes=raw[:_ID_BYTES]))
        given = hashlib.sha256(raw[_ID_BYTES:]).digest()
        return request if request and hmac.compare_digest(request.secret_hash, given) else None

    def _mac(self, user_code: str) -> bytes:
        return hmac.digest(self._key, user_code.encode(), hashlib.sha256)
