"""Licences given and taken back inside a transaction, for every room and every event that does so.

    new = await granting.grant(tx, [wanted], new_id=self._new_id, now=now)

A grant is named by its source. Whoever comes second under one name gives nothing, also where the first came only to forbid it.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from samovar.kit.database import Transaction
from samovar.kit.ids import IdSource
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked
from samovar.services.library.licences import domain, repository
from samovar.services.library.licences.domain import Licence, Wanted


async def grant(
    tx: Transaction, wanted: Sequence[Wanted], *, new_id: IdSource, now: datetime
) -> list[Licence]:
    """Give licences and tell of them; return those that are new, in their order.

    What was granted, revoked or forbidden under its name before stays as it is.
    """
    licences = [_licence(one, new_id, now) for one in wanted]
    kept = await repository.insert(tx, licences)
    new = [licence for licence in licences if licence.id in kept]
    await tx.publish_many([_granted(licence) for licence in new])
    return new


async def revoke(
    tx: Transaction, licences: Sequence[Licence], *, reason: str, now: datetime
) -> list[Licence]:
    """End licences that are in force and locked, and tell of it; return them as they are now."""
    await repository.revoke(tx, [licence.id for licence in licences], reason, now)
    ended = [msgspec.structs.replace(licence, revoked_at=now, revoke_reason=reason) for licence in licences]
    await tx.publish_many([_revoked(licence, now, reason) for licence in ended])
    return ended


async def withdraw(
    tx: Transaction, wanted: Sequence[Wanted], *, reason: str, new_id: IdSource, now: datetime
) -> None:
    """See to it that these grants give nothing from now on, whether they have come already or are still on their way.

    All of them must have one source. What was never granted is kept as a licence that was over from the beginning: the grant that
    comes later finds its name taken. `licence_revoked` is told of each, once more of those that were over before: whoever
    waits for it goes on.
    """
    if not wanted:
        return
    forbidden = [
        msgspec.structs.replace(_licence(one, new_id, now), revoked_at=now, revoke_reason=reason)
        for one in wanted
    ]
    await repository.insert(tx, forbidden)
    present = await repository.lock_by_sources(tx, wanted[0].source, [one.source_id for one in wanted])
    await revoke(tx, [licence for licence in present if licence.revoked_at is None], reason=reason, now=now)
    over = [licence for licence in present if licence.revoked_at is not None]
    await tx.publish_many([_revoked(one, one.revoked_at or now, one.revoke_reason or reason) for one in over])


async def expire(tx: Transaction, *, now: datetime, limit: int) -> int:
    """End licences whose time is over, the earliest first, and tell of it; return how many there were."""
    ended = await repository.expire(tx, now, limit)
    await tx.publish_many([_revoked(licence, now, domain.EXPIRED) for licence in ended])
    return len(ended)


def _licence(wanted: Wanted, new_id: IdSource, now: datetime) -> Licence:
    return Licence(
        id=new_id(),
        account_id=wanted.account_id,
        package_id=wanted.package_id,
        app_ids=tuple(dict.fromkeys(wanted.app_ids)),
        kind=wanted.kind,
        source=wanted.source,
        source_id=wanted.source_id,
        granted_at=now,
        expires_at=wanted.expires_at,
        revoked_at=None,
        revoke_reason=None,
    )


def _granted(licence: Licence) -> LicenceGranted:
    return LicenceGranted(
        licence_id=licence.id,
        account_id=licence.account_id,
        app_ids=licence.app_ids,
        package_id=licence.package_id,
        kind=licence.kind,
        granted_at=licence.granted_at,
        expires_at=licence.expires_at,
        source=licence.source,
        source_id=licence.source_id,
    )


def _revoked(licence: Licence, revoked_at: datetime, reason: str) -> LicenceRevoked:
    return LicenceRevoked(
        licence_id=licence.id,
        account_id=licence.account_id,
        app_ids=licence.app_ids,
        package_id=licence.package_id,
        kind=licence.kind,
        granted_at=licence.granted_at,
        expires_at=licence.expires_at,
        revoked_at=revoked_at,
        reason=reason,
        source=licence.source,
        source_id=licence.source_id,
    )
