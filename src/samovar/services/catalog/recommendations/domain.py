"""How alike games are, and what somebody may like. Pure.

A game is a vector of its tags, each weighing what ties it to the game times how rare it is in the store; two games are as alike as the
angle between their vectors is small (https://en.wikipedia.org/wiki/Cosine_similarity). A taste is the sum of the vectors of what
somebody has and wants.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

Vector = Mapping[str, float]

OWNED_WEIGHT = 1.0
WISHLISTED_WEIGHT = 0.7
# How much of a place in the list is decided by popularity alone.
POPULARITY_SHARE = 0.15
# What one more game of the same kind loses, so that a row is not ten times the same.
REPEAT_FACTOR = 0.75
TAGS_SHOWN = 3


class Liked(NamedTuple):
    """A game that may be liked.

    Attributes:
        because: The game of theirs that it is most like; none when it is like all of them a little.
        tags: What they have in common, the weightiest first.
    """

    app_id: UUID
    because: UUID | None
    tags: tuple[str, ...]


def vector(weights: Mapping[str, int], rarity: Callable[[str], float]) -> dict[str, float]:
    """Return the direction of a game: of length 1, empty when it has no tag that counts."""
    raw = {tag: math.log1p(weight) * rarity(tag) for tag, weight in weights.items() if weight > 0}
    length = math.sqrt(sum(part * part for part in raw.values()))
    return {tag: part / length for tag, part in raw.items()} if length else {}


def rarity_of(count: int, total: int) -> float:
    """Return how much a tag tells, the more the fewer games have it (inverse document frequency)."""
    return math.log(1 + total / (1 + count))


def likeness(one: Vector, other: Vector) -> float:
    """Return the cosine of two directions, 0 to 1."""
    if len(one) > len(other):
        one, other = other, one
    return sum(part * other.get(tag, 0.0) for tag, part in one.items())


def taste_of(owned: Iterable[Vector], wishlisted: Iterable[Vector]) -> dict[str, float]:
    """Return the direction in which somebody's games lie."""
    total: dict[str, float] = {}
    for weight, vectors in ((OWNED_WEIGHT, owned), (WISHLISTED_WEIGHT, wishlisted)):
        for one in vectors:
            for tag, part in one.items():
                total[tag] = total.get(tag, 0.0) + weight * part
    length = math.sqrt(sum(part * part for part in total.values()))
    return {tag: part / length for tag, part in total.items()} if length else {}


def choose(
    taste: Vector,
    candidates: Mapping[UUID, Vector],
    *,
    popularity: Mapping[UUID, float],
    theirs: Mapping[UUID, Vector],
    limit: int,
) -> list[Liked]:
    """Return the candidates that fit a taste best, each like those before it counting a little less.

    Args:
        taste: See `taste_of`; or the vector of one game, for what is like it.
        candidates: What may be recommended.
        popularity: 0 to 1, by candidate.
        theirs: What the taste was made of, for the reasons.
        limit: How many at most.
    """
    scores = {
        app_id: (1 - POPULARITY_SHARE) * likeness(taste, one) + POPULARITY_SHARE * popularity.get(app_id, 0.0)
        for app_id, one in candidates.items()
        if likeness(taste, one) > 0
    }
    chosen: list[Liked] = []
    seen: dict[str, int] = {}
    while scores and len(chosen) < limit:
        best = max(
            scores, key=lambda app_id: (scores[app_id] * _freshness(candidates[app_id], seen), app_id.bytes)
        )
        del scores[best]
        seen[_first_tag(candidates[best])] = seen.get(_first_tag(candidates[best]), 0) + 1
        because, tags = _reason(candidates[best], theirs)
        chosen.append(Liked(best, because, tags))
    return chosen


def strongest(taste: Vector, count: int) -> list[str]:
    """Return the tags that a taste consists of most."""
    return sorted(taste, key=lambda tag: (-taste[tag], tag))[:count]


def _freshness(candidate: Vector, seen: Mapping[str, int]) -> float:
    return float(REPEAT_FACTOR ** seen.get(_first_tag(candidate), 0))


def _first_tag(one: Vector) -> str:
    return max(one, key=lambda tag: (one[tag], tag), default="")


def _reason(candidate: Vector, theirs: Mapping[UUID, Vector]) -> tuple[UUID | None, tuple[str, ...]]:
    if not theirs:
        return None, ()
    nearest = max(theirs, key=lambda app_id: (likeness(candidate, theirs[app_id]), app_id.bytes))
    shared = {tag: part * theirs[nearest].get(tag, 0.0) for tag, part in candidate.items()}
    tags: Sequence[str] = [tag for tag in strongest(shared, TAGS_SHOWN) if shared[tag] > 0]
    return (nearest, tuple(tags)) if tags else (None, ())
