"""What is known of a plan."""

import msgspec


class ChangedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that an update changes.

    Attributes:
        new_bytes: What has to be fetched for it, before compression.
    """

    path: str
    size_bytes: int
    new_bytes: int


class PlanFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A plan that lies in the store.

    Attributes:
        plan_id: BLAKE3 of the signed plan: its object.
        fetches_bytes: What is fetched, compressed.
        writes_bytes: What is written to the disk.
        peak_bytes: What is needed on the disk beyond the old build, at the worst moment.
        largest: The files for which most has to be fetched.
    """

    plan_id: bytes
    fetches_bytes: int
    writes_bytes: int
    peak_bytes: int
    requests: int
    largest: list[ChangedFile]
