"""Ids that other services send in batches over gRPC."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.errors import FieldError, InvalidInput

ACCOUNTS_MAX = 500


def account_ids(texts: Sequence[str], *, field: str = "account_ids") -> list[UUID]:
    """Return the ids that a request names, each once.

    Raises:
        InvalidInput: There are more than `ACCOUNTS_MAX`, or one is no UUID.
    """
    if len(texts) > ACCOUNTS_MAX:
        raise InvalidInput(
            fields=[FieldError(field, "too_long", f"at most {ACCOUNTS_MAX}", limit=str(ACCOUNTS_MAX))]
        )
    try:
        return list(dict.fromkeys(UUID(text) for text in texts))
    except ValueError:
        raise InvalidInput(fields=[FieldError(field, "invalid", "an id is not a UUID")]) from None
