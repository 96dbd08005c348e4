"""What is to be given, and when that is overdue. Pure."""

from datetime import timedelta
from typing import Final
from uuid import UUID

SOURCE: Final = "order"
# Library answers within a second; whoever has nothing after this is looked after.
OVERDUE_AFTER: Final = timedelta(minutes=2)
# How long a line is left alone after library was asked for it.
REST: Final = timedelta(minutes=5)


def line_of(source: str | None, source_id: str | None) -> UUID | None:
    """Return the line that a licence was given for; none where it is no order's."""
    if source != SOURCE or source_id is None:
        return None
    try:
        return UUID(source_id)
    except ValueError:
        return None
