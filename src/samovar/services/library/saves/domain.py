"""What becomes of an upload. Pure.

A file is a row of versions, one of which is current. An upload says which version its device had. If that is the current one, the
upload takes its place; if it is not, two devices have gone apart: the upload is kept as a side of a conflict until somebody settles it.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Literal
from uuid import UUID

import msgspec

FILE_BYTES_MAX = 16 * 1_048_576
GAME_BYTES_MAX = 256 * 1_048_576
FILES_MAX = 1_000
UNRESOLVED_MAX = 50
HISTORY_MAX = 20
PATH_BYTES_MAX = 255
# Ten times smaller is what a save looks like after a crash or a new game begun by mistake.
SHRUNK_TIMES = 10
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>"/\\|?*]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")

Refusal = Literal["shrunk", "too_many_conflicts", "quota"]


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What a device saved, or that it deleted the file.

    Attributes:
        parent_id: What the device had then; none: the file was new to it.
        content_id: BLAKE3 of the bytes, in hex; none: the file was deleted.
        is_unresolved: A side of a conflict that nobody has settled.
    """

    id: UUID
    parent_id: UUID | None
    content_id: str | None
    size_bytes: int
    is_unresolved: bool = False


class File(msgspec.Struct, frozen=True, kw_only=True):
    """All kept versions of one file, the oldest first, and which of them is current."""

    current_id: UUID
    versions: tuple[Version, ...]

    @property
    def current(self) -> Version:
        """Return the current version."""
        return next(one for one in self.versions if one.id == self.current_id)


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """What a device wants kept.

    Attributes:
        parent_id: What it had; none: the file was new to it.
        is_confirmed: A person has said that the file is meant to be so small.
    """

    parent_id: UUID | None
    content_id: str
    size_bytes: int
    is_confirmed: bool = False


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of an upload.

    Attributes:
        known: The version that it is already; none: it is a new one.
        is_conflict: It does not become current.
        is_unresolved: It is kept as a side that somebody must settle.
        refusal: Why it is not kept at all.
    """

    known: Version | None = None
    is_conflict: bool = False
    is_unresolved: bool = False
    refusal: Refusal | None = None


def decide(file: File | None, upload: Upload) -> Decision:
    """Return what becomes of an upload. The same one sent again is the same version."""
    if file is None:
        # Whatever the device had is gone with the file: nothing stands against it.
        return Decision()
    current = file.current
    if current.content_id == upload.content_id:
        return Decision(known=current)
    same = [
        one
        for one in file.versions
        if (one.content_id, one.parent_id) == (upload.content_id, upload.parent_id)
    ]
    is_next = upload.parent_id == current.id or (upload.parent_id is None and current.content_id is None)
    if is_next:
        is_shrunk = upload.size_bytes * SHRUNK_TIMES < current.size_bytes
        return Decision(refusal="shrunk" if is_shrunk and not upload.is_confirmed else None)
    if same:
        return Decision(known=same[-1], is_conflict=True)
    if sum(one.is_unresolved for one in file.versions) >= UNRESOLVED_MAX:
        return Decision(refusal="too_many_conflicts")
    return Decision(is_conflict=True, is_unresolved=True)


def pruned(file: File, history_max: int = HISTORY_MAX) -> list[UUID]:
    """Return which versions are too old to be kept: never the current one nor a side that nobody has settled."""
    settled = [one.id for one in file.versions if not one.is_unresolved and one.id != file.current_id]
    return settled[: max(0, len(settled) - history_max)]


def settled(file: File, chosen_id: UUID, seen: Collection[UUID] | None = None) -> set[UUID]:
    """Return which sides a choice settles: those that were seen, or all that there are where that is not said. They stay in the history.

    A side that came while somebody was choosing was not chosen against: it waits for the next choice.
    """
    sides = {one.id for one in file.versions if one.is_unresolved}
    return (sides if seen is None else sides & set(seen)) | {chosen_id}


def is_path(path: str) -> bool:
    """Return whether a text may name a file: parts divided by `:`, which no file system lets into a name."""
    return (
        0 < len(path.encode()) <= PATH_BYTES_MAX
        and unicodedata.normalize("NFC", path) == path
        and not _FORBIDDEN.search(path)
        and all(_is_part(part) for part in path.split(":"))
    )


def clashes(path: str, others: Collection[str]) -> bool:
    """Return whether another file has this name but for its case: on some devices both would be one file."""
    folded = path.casefold()
    return any(other != path and other.casefold() == folded for other in others)


def version_of(tags: str | None) -> UUID | None:
    """Return the version that an `If-Match` names: one tag, quoted or not; none where it names no version."""
    try:
        return UUID((tags or "").strip().removeprefix("W/").strip('"'))
    except ValueError:
        return None


def total(versions: Sequence[Version]) -> int:
    """Return how many bytes versions have in all."""
    return sum(one.size_bytes for one in versions)


def _is_part(part: str) -> bool:
    return bool(part) and part not in {".", ".."} and part[-1] not in ". " and not _RESERVED.fullmatch(part)
