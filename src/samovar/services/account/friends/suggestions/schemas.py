"""The shapes of suggestions that travel."""

from typing import Annotated

from msgspec import Meta

from samovar.services.account.profiles.schemas import Card

SUGGESTED_MAX = 50

Count = Annotated[int, Meta(ge=1, le=SUGGESTED_MAX, description="How many people at most.")]


class Suggestion(Card, frozen=True, kw_only=True):
    """Somebody whom the caller may know.

    Attributes:
        mutual_friends: How many friends both have who show theirs to the caller.
    """

    mutual_friends: int
