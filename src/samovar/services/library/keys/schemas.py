"""What library takes and shows of keys."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.library.keys.domain import (
    BATCH_MAX,
    NOTE_LENGTH_MAX,
    TYPED_LENGTH_MAX,
    BatchState,
    Fate,
    Purpose,
    state_of_batch,
)


class NewKeyBatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keys that a developer wants.

    Attributes:
        kind: What they are for: `retail`, `press`, `giveaway` or `test`. All of them give the same licence.
        expires_at: From then on nobody can redeem them; what was redeemed before stays.
        note: For the developer's own eyes.
    """

    count: Annotated[int, Meta(ge=1, le=BATCH_MAX)]
    kind: Purpose
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    note: Annotated[str, Meta(max_length=NOTE_LENGTH_MAX, pattern=r"^[^\x00]*\Z")] = ""


class KeyBatch(msgspec.Struct, frozen=True, kw_only=True):
    """A batch of keys; the codes were shown when it was made, and never again.

    Attributes:
        count: How many there are.
        redeemed: How many of them have become licences.
        revoked_at: Since then nobody can redeem the rest.
    """

    batch_id: UUID
    package_id: UUID
    kind: Purpose
    count: int
    redeemed: int
    note: str
    created_by: UUID
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class ShownBatch(KeyBatch, frozen=True, kw_only=True):
    """A batch as its makers see it.

    Attributes:
        state: What becomes of the keys that are left; `used` when none is.
        unused: How many can still be redeemed.
    """

    state: BatchState
    unused: int

    @classmethod
    def of(cls, batch: KeyBatch, now: datetime) -> "ShownBatch":
        """Return a batch as it is now."""
        state = state_of_batch(
            count=batch.count,
            redeemed=batch.redeemed,
            expires_at=batch.expires_at,
            revoked_at=batch.revoked_at,
            now=now,
        )
        unused = batch.count - batch.redeemed if state == "good" else 0
        return cls(**msgspec.structs.asdict(batch), state=state, unused=unused)


class KeyQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key of which its maker asks what became of it."""

    code: Annotated[str, Meta(min_length=1, max_length=TYPED_LENGTH_MAX)]


class KeyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a key; never who redeemed it.

    Attributes:
        state: `good` while somebody may redeem it.
    """

    batch_id: UUID
    kind: Purpose
    state: Fate
    redeemed_at: datetime | None


class BatchKey(msgspec.Struct, frozen=True):
    """What the list of batches is sorted by: the newest first."""

    created_at: datetime
    batch_id: UUID


class Redemption(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key to be redeemed.

    Attributes:
        code: As it was typed: case, blanks, dashes and Cyrillic letters that look like Latin ones are forgiven.
        country: Where it is redeemed.
    """

    code: Annotated[str, Meta(min_length=1, max_length=TYPED_LENGTH_MAX)]
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z", description="ISO 3166-1 alpha-2.")] | None = None


class Redeemed(msgspec.Struct, frozen=True, kw_only=True):
    """What a key has opened.

    Attributes:
        names: What the package is called, by language.
    """

    licence_id: UUID
    package_id: UUID
    game_ids: list[UUID]
    names: dict[str, str]
