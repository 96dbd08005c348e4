"""What every room of catalog means by its words: kinds, stages, availability by country, weights of tags. Pure."""

from collections.abc import Iterable
from typing import Annotated, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.catalog.errors import AgeRestricted, AppNotFound

Language = Literal["ru", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
AppKind = Literal["game", "demo", "dlc", "soundtrack", "tool"]
AppState = Literal["draft", "published", "withdrawn"]
Stage = Literal["coming_soon", "early_access", "released"]
TermKind = Literal["genre", "category", "feature", "tag", "series"]
Platform = Literal["windows", "macos", "linux", "android", "ios", "web"]
AgeRating = Literal[0, 6, 12, 16, 18]
BELONGING_KINDS = frozenset({"demo", "dlc", "soundtrack"})
"""Kinds of apps that belong to a game, their base."""

SLUG_LENGTH_MAX = 96
Slug = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=SLUG_LENGTH_MAX,
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
        description="Latin letters, digits and hyphens; it never changes.",
    ),
]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z", description="ISO 3166-1 alpha-2.", examples=["RU"])]
COUNTRIES_MAX = 250

TAGS_SHOWN_MAX = 20
TAG_BANNED = -1_000
_DEVELOPER_WEIGHT = 100
_PLAYER_WEIGHT = 10
_PLAYER_VOTES_COUNTED_MAX = 1_000


class Availability(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In which countries something holds: in those of `only_in`, or everywhere, but never in those of `except_in`.

    Attributes:
        only_in: Empty means nowhere; absent, everywhere.
    """

    only_in: Annotated[list[Country], Meta(max_length=COUNTRIES_MAX)] | None = None
    except_in: Annotated[list[Country], Meta(max_length=COUNTRIES_MAX)] = []

    def holds_in(self, country: str) -> bool:
        """Return whether it holds in a country."""
        if self.only_in is not None and country not in self.only_in:
            return False
        return country not in self.except_in


EVERYWHERE = Availability()


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """Who looks at the store.

    Attributes:
        account_id: None for whoever is not signed in.
        country: Whose prices and rules they see.
        age_level: The highest age mark that they are shown: 0, 6, 12, 16 or 18.
        language: In which they read.
    """

    account_id: UUID | None = None
    country: str
    age_level: int
    language: Language = "ru"

    def may_see(self, age_rating: int, visible: Availability) -> bool:
        """Return whether something is shown to them."""
        return age_rating <= self.age_level and visible.holds_in(self.country)

    def check(self, age_rating: int, visible: Availability) -> None:
        """Refuse what is not shown to them.

        Raises:
            AppNotFound: It is not shown in their country.
            AgeRestricted: It is above their age level.
        """
        if not visible.holds_in(self.country):
            raise AppNotFound(f"not shown in {self.country}")
        if age_rating > self.age_level:
            raise AgeRestricted(rating=age_rating)


def media_url(image: str) -> str:
    """Return where a picture is shown: a path below the origin; `?width=` gives smaller ones."""
    return f"/v1/media/{image}"


def visible_in(country: str, apps: Iterable[Availability]) -> bool:
    """Return whether something made of these apps may be seen in a country: each of them must be."""
    return all(app.holds_in(country) for app in apps)


def tag_weight(*, developer_place: int | None, player_votes: int, moderator_weight: int) -> int:
    """Return how strongly a tag is tied to an app: the developer's first tag counts as much as ten players.

    Args:
        developer_place: 0 for the first of the developer's list; none when it is not there.
        player_votes: How many players gave the tag.
        moderator_weight: What a moderator adds or takes away.
    """
    developer = 0 if developer_place is None else max(_DEVELOPER_WEIGHT - 4 * developer_place, 20)
    return developer + _PLAYER_WEIGHT * min(player_votes, _PLAYER_VOTES_COUNTED_MAX) + moderator_weight
