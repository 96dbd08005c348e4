"""The shapes of devices as they travel."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.services.auth.schemas import DeviceName


class DeviceSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A device of the caller.

    Attributes:
        trusted_until: Until then the second factor is not asked for on it; none: it is asked for.
    """

    id: UUID
    name: str
    first_seen_at: datetime
    last_seen_at: datetime
    last_address: str
    trusted_until: datetime | None


class DeviceChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to change of a device."""

    name: DeviceName
