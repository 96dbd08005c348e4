"""The people of the showcase and what they think: read from `catalogue/`, shared out so that nobody writes too much."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Literal, NamedTuple

import msgspec

from samovar.demo.sources import FOLDER, Slug, Written

REVIEWS_A_PLAYER_MAX = 19
"""Fewer than anybody may post in an hour."""
_VOTES_MAX = 6


class Player(Written, frozen=True, kw_only=True):
    """Somebody who tries the store out.

    Attributes:
        born: So that they may see games for adults.
        wishes: What is on their wishlist.
    """

    login: str
    name: str
    born: date
    role: Literal["moderator"] | None = None
    wishes: tuple[Slug, ...] = ()


class People(Written, frozen=True, kw_only=True):
    """All of them, with their one password."""

    password: str
    player: list[Player]


class Opinion(NamedTuple):
    """A review, with who writes it."""

    game: str
    login: str
    recommended: bool
    language: str
    text: str


def people() -> People:
    """Read who there is."""
    return msgspec.toml.decode((FOLDER / "players.toml").read_bytes(), type=People)


def opinions(logins: list[str]) -> list[Opinion]:
    """Read the reviews and share them out: each game's by different people, each person's not too many.

    Raises:
        ValueError: There are more reviews than people can write.
    """
    written = msgspec.toml.decode(
        (FOLDER / "reviews.toml").read_bytes(), type=dict[str, list[tuple[str, str]]]
    )
    left = dict.fromkeys(logins, REVIEWS_A_PLAYER_MAX)
    shared: list[Opinion] = []
    for game, reviews in written.items():
        # Whoever has written least goes next; chance with the game's name as its seed breaks the ties.
        order = Random(game).sample(logins, len(logins))  # noqa: S311  It must repeat itself.
        free = sorted((login for login in order if left[login]), key=lambda login: -left[login])
        if len(free) < len(reviews):
            raise ValueError(f"too few players for the reviews of {game}")
        for login, (mark, text) in zip(free, reviews, strict=False):
            left[login] -= 1
            shared.append(
                Opinion(game, login, recommended=mark.startswith("+"), language=mark[1:], text=text)
            )
    return shared


def votes(opinion: Opinion, logins: list[str]) -> Iterator[tuple[str, str]]:
    """Yield who says what of a review: the login and `helpful`, `unhelpful` or `funny`."""
    rng = Random(f"{opinion.game}/{opinion.login}")  # noqa: S311  It must repeat itself.
    others = [login for login in logins if login != opinion.login]
    for login in rng.sample(others, rng.randrange(_VOTES_MAX)):
        yield login, rng.choices(("helpful", "funny", "unhelpful"), weights=(7, 2, 1))[0]
