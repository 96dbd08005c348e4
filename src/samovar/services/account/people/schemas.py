"""The shapes of found people."""

from typing import Annotated

from msgspec import Meta

from samovar.services.account.profiles.schemas import Card

QUERY_LENGTH_MAX = 64
FOUND_MAX = 50
FOUND_DEFAULT = 20

Query = Annotated[
    str, Meta(max_length=QUERY_LENGTH_MAX, description="A display name or unique name, or a part of one.")
]
FoundLimit = Annotated[int, Meta(ge=1, le=FOUND_MAX, description="How many people at most.")]


class FoundPerson(Card, frozen=True, kw_only=True):
    """A person who was found."""

    is_friend: bool
