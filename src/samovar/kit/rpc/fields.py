"""Reads what fields of requests hold: protobuf has strings and lists, and knows of no ids and no limits."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.errors import FieldError, InvalidInput


def read_id(field: str, text: str) -> UUID:
    """Return an id.

    Raises:
        InvalidInput: It is none.
    """
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInput(fields=[FieldError(field, "invalid", "not a UUID")]) from None


def read_ids(field: str, texts: Sequence[str], *, most: int) -> list[UUID]:
    """Return ids.

    Raises:
        InvalidInput: There are more than `most`, or one is none.
    """
    require_at_most(field, len(texts), most)
    return [read_id(field, text) for text in texts]


def require_at_most(field: str, count: int, most: int) -> None:
    """Refuse a list that is too long.

    Raises:
        InvalidInput: It is.
    """
    if count > most:
        raise InvalidInput(fields=[FieldError(field, "too_long", f"at most {most}", limit=str(most))])
