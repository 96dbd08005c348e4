"""What a collection may be. Pure."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.errors import FieldError
from samovar.kit.text.titles import words_of
from samovar.kit.text.visible import is_visible_line

COLLECTIONS_MAX = 100
NAME_LENGTH_MAX = 60
# Of all collections of one player together: an export holds them all.
MEMBERSHIPS_MAX = 10_000
CHANGED_AT_ONCE_MAX = 500


def words_of_name(name: str) -> str:
    """Return by what names are told apart; a name without a letter or a digit stands for itself."""
    return words_of(name) or name


def faults_of_name(name: str) -> list[FieldError]:
    """Return what is wrong with a name that has been trimmed."""
    if not name or not is_visible_line(name):
        return [FieldError("name", "unprintable", "it must consist of visible characters")]
    return []


def moved(order: Sequence[UUID], collection_id: UUID, place: int) -> list[UUID]:
    """Return the order with one collection at a place; beyond the end it becomes the last."""
    rest = [one for one in order if one != collection_id]
    return [*rest[:place], collection_id, *rest[place:]]
