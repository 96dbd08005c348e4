"""The devices on which an account has signed in."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import NotFound
from samovar.kit.identity import Caller
from samovar.kit.identity.verifier import Verifier
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.kit.rest.etags import require_match
from samovar.services.auth.audit import Audit
from samovar.services.auth.devices import repository
from samovar.services.auth.devices.schemas import DeviceSeen
from samovar.services.auth.domain import DEVICE_KEPT_FOR
from samovar.services.auth.repository import Device
from samovar.services.auth.sessions import ending

DELETED_AT_ONCE_MAX = 1_000


class DevicePosition(msgspec.Struct, frozen=True):
    """Where a page of devices ended."""

    last_seen_at: datetime
    id: UUID


class Devices:
    """The devices of accounts."""

    def __init__(self, database: Database, *, verifier: Verifier, audit: Audit, clock: Clock) -> None:
        self._database = database
        self._verifier = verifier
        self._audit = audit
        self._clock = clock

    async def page(self, caller: Caller, *, limit: int, cursor: str | None) -> Page[DeviceSeen]:
        """Return a page of the caller's devices, the last seen first."""
        position = decode_cursor(cursor, DevicePosition)
        rows = await repository.list_devices(
            self._database,
            caller.account_id,
            before=(position.last_seen_at, position.id) if position else None,
            limit=limit + 1,
        )
        seen = [self._as_seen(row) for row in rows]
        return page_of(seen, limit, lambda one: DevicePosition(one.last_seen_at, one.id))

    async def show(self, caller: Caller, device_id: UUID) -> DeviceSeen:
        """Return one of the caller's devices.

        Raises:
            NotFound: The caller has no such device.
        """
        return self._as_seen(await self._own(self._database, caller, device_id))

    async def rename(self, caller: Caller, device_id: UUID, name: str, *, if_match: str | None) -> DeviceSeen:
        """Call a device otherwise.

        Raises:
            NotFound: The caller has no such device.
            PreconditionFailed: It is no longer what the client has seen.
        """
        async with self._database.transaction() as tx:
            device = await self._own(tx, caller, device_id, is_locked=True)
            require_match(if_match, self._as_seen(device))
            await repository.rename_device(tx, caller.account_id, device_id, name)
        return self._as_seen(msgspec.structs.replace(device, name=name))

    async def forget(self, caller: Caller, device_id: UUID) -> None:
        """Forget a device: its sessions end and it is trusted no more.

        Raises:
            NotFound: The caller has no such device.
        """
        async with self._database.transaction() as tx:
            now = self._clock.now()
            if not await repository.delete_device(tx, caller.account_id, device_id):
                raise NotFound(f"{caller.account_id} has no device {device_id}")
            ended = await ending.end_on_device(tx, caller.account_id, device_id, "device_forgotten", now)
            await self._audit.done(
                tx,
                "device.forgotten",
                account_id=caller.account_id,
                session_id=caller.session_id,
                device_id=device_id,
            )
        for session in ended:
            self._verifier.revoke_session(session.id)

    async def forget_old(self) -> None:
        """Delete devices on which nobody signed in for long."""
        unseen_since = self._clock.now() - DEVICE_KEPT_FOR
        deleted = DELETED_AT_ONCE_MAX
        while deleted == DELETED_AT_ONCE_MAX:
            async with self._database.transaction() as tx:
                deleted = await repository.delete_devices_unseen_since(tx, unseen_since, DELETED_AT_ONCE_MAX)

    async def _own(
        self, asked: Database | Transaction, caller: Caller, device_id: UUID, *, is_locked: bool = False
    ) -> Device:
        device = await repository.find_device(asked, caller.account_id, device_id, is_locked=is_locked)
        if device is None:
            raise NotFound(f"{caller.account_id} has no device {device_id}")
        return device

    def _as_seen(self, device: Device) -> DeviceSeen:
        until = device.trusted_until
        return DeviceSeen(
            id=device.id,
            name=device.name,
            first_seen_at=device.first_seen_at,
            last_seen_at=device.last_seen_at,
            last_address=device.last_address,
            trusted_until=until if until and until > self._clock.now() else None,
        )
