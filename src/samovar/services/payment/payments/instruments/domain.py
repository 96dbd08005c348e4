"""What a kept instrument is. Pure."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.services.payment.providers.port import PayMethod

METHODS_MAX = 20
TITLE_LENGTH_MAX = 64


class SavedMethod(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument that its owner let be kept.

    Attributes:
        provider_token: What stands for it at its provider; it never leaves the service.
        title: How its owner knows it again.
    """

    id: UUID
    account_id: UUID
    provider: str
    method: PayMethod
    provider_token: str
    title: str
    created_at: datetime
