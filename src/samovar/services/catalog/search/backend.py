"""The port to the text index: it finds places by words. Filters, counts and orders stay with the table in memory."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from pyroaring import BitMap

from samovar.services.catalog.search.planner import Plan


class TextDocument(NamedTuple):
    """What the text index holds of an app.

    Attributes:
        place: Its place in the table; the backend gives it back for what it finds.
        app_id: 16 bytes.
        words: Of all its titles, normalised.
        starts: The first letters of these words.
        joined: What its titles read without spaces.
        whole: Its whole titles without spaces.
        skeletons: Of the words of its titles.
        names: Words of its creators, genres and tags.
        russian: Text to be stemmed.
        english: Text to be stemmed.
        weight: What a score is multiplied with, 1 and more.
    """

    place: int
    app_id: bytes
    words: Sequence[str]
    starts: Sequence[str]
    joined: Sequence[str]
    whole: Sequence[str]
    skeletons: Sequence[str]
    names: Sequence[str]
    russian: str
    english: str
    weight: float


class Found(NamedTuple):
    """What fits a plan, the best first.

    Attributes:
        scores: By place; whole thousandths, so that they compare alike everywhere.
        is_all: Nothing else fits.
    """

    scores: dict[int, int]
    is_all: bool


class SearchBackend(Protocol):
    """A text index. An index that is away or broken raises `Unavailable` or `IndexBroken`."""

    async def find(self, plan: Plan, *, limit: int, within: BitMap | None = None) -> Found:
        """Return the best places for a plan, out of `within` when it is given."""
        ...

    async def known(self, words: Sequence[str]) -> frozenset[str]:
        """Return which of these words stand in titles or names."""
        ...

    async def write(self, documents: Sequence[TextDocument], removed: Sequence[tuple[int, bytes]]) -> None:
        """Put documents in and take others out, by place and id; they count together, when this returns."""
        ...

    async def close(self) -> None:
        """Let go of what it holds."""
        ...
