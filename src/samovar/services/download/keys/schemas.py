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
    """

    public_key: Annotated[bytes, Meta(min_length=32, max_length=32)]
    name: Annotated[str, Meta(min_length=1, max_length=100)]


class SigningKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key with which builds of an organisation are signed.

    Attributes:
        id: BLAKE3 of the public key, hex: the id in signatures.
    """

    id: str
    public_key: bytes
    name: str
    added_by: UUID
    added_at: datetime
    revoked_at: datetime | None
