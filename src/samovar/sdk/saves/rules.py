"""What is to be done with one save: from what lies here, what the platform has, and what both had in common last. Pure.

Nothing that only one side has is ever overwritten: where both have changed, ours goes up as a side of a conflict and stays here
until somebody chooses.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from samovar.sdk.state import KnownSave

SHRUNK_TIMES = 10
PART_BYTES_MAX = 255

Step = Literal["nothing", "upload", "download", "delete_here", "delete_there", "ask", "note", "forget"]


class Remote(msgspec.Struct, frozen=True, kw_only=True):
    """What the platform has of a save.

    Attributes:
        content_id: None: it was deleted.
        unresolved: The sides that somebody must choose from.
    """

    version_id: str
    content_id: str | None
    unresolved: tuple[str, ...] = ()


class Decision(msgspec.Struct, frozen=True):
    """What to do.

    Attributes:
        step: `ask`: somebody must choose; `note`: both have the same; `forget`: neither has it.
        parent_id: Of an upload: what this device had; none: nothing.
    """

    step: Step
    parent_id: str | None = None


def decide(here: str | None, known: KnownSave | None, there: Remote | None) -> Decision:
    """Return what is to be done.

    Args:
        here: The content of the file on this device; none: there is no file.
        known: What both had in common last.
        there: What the platform has.
    """
    if known and known.is_conflict and there and known.version_id in there.unresolved:
        changed = here is not None and here != known.content_id
        return Decision("upload", known.version_id) if changed else Decision("ask")
    if there is None:
        return Decision("upload" if here else "forget")
    content = there.content_id
    if here == content:
        is_noted = known is not None and known.version_id == there.version_id and not known.is_conflict
        return Decision("nothing" if is_noted else "note")
    if here == (known.content_id if known else None):
        return Decision("download" if content else "delete_here")
    return _decide_changed(here, known, there)


def _decide_changed(here: str | None, known: KnownSave | None, there: Remote) -> Decision:
    """Return what is to be done with a file that was changed here, or deleted, and is not what the platform has."""
    has_changed_there = known is None or there.version_id != known.version_id
    if here is None:
        # What somebody has changed wins over what somebody else has deleted.
        return Decision("download") if has_changed_there else Decision("delete_there", there.version_id)
    if has_changed_there and there.content_id is not None:
        return Decision("upload", known.version_id if known else None)
    return Decision("upload", there.version_id)


def surviving(here: Mapping[str, str], known: Mapping[str, KnownSave]) -> dict[str, KnownSave]:
    """Return what is still to be taken as known.

    A folder that lost nearly everything was emptied by an accident: what is missing comes back instead of being deleted everywhere.
    """
    if len(here) * SHRUNK_TIMES >= len(known):
        return dict(known)
    return {path: one for path, one in known.items() if path in here}


def is_safe(path: str) -> bool:
    """Return whether a path of the platform, its folders divided by `:`, stays inside the folder of saves on every system."""
    parts = path.split(":")
    return len(path.encode()) <= PART_BYTES_MAX and all(
        part not in {"", ".", ".."} and not any(letter in part for letter in '/\\\0<>"|?*') for part in parts
    )
