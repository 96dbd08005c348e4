"""Keys of developers, as they see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta


class NewKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The public half of a key.

    Attributes:
        public_key: The 32 raw bytes of an Ed25519 key, base64.
        name: Where the other half lies, for people: «сборочный сервер».
        introduction: The word of a key that counts already for this one, signed, base64: players who have a game of the organisation
            believe the new key then. Without it they refuse builds that it signs.
    """

    public_key: Annotated[bytes, Meta(min_length=32, max_length=32)]
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    introduction: Annotated[bytes, Meta(min_length=1, max_length=2_048)] | None = None


class SigningKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key with which builds of an organisation are signed.

    Attributes:
        id: BLAKE3 of the public key, hex: the id in signatures.
        is_introduced: Whether another key of the organisation has given its word for it.
    """

    id: str
    public_key: bytes
    name: str
    added_by: UUID
    added_at: datetime
    revoked_at: datetime | None
    is_introduced: bool
