"""People: oneself as nobody else sees it, others as they show themselves."""

from datetime import datetime
from typing import Any

import msgspec

from samovar.client.api.calls import Calls, path

FOUND_MAX = 20


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A person in a list; `avatar_url` is a path of the platform, `?size=64` gives the small picture."""

    account_id: str
    display_name: str
    avatar_url: str
    name: str | None = None


class Link(msgspec.Struct, frozen=True):
    """A page of the person elsewhere."""

    title: str
    url: str


class Contact(msgspec.Struct, frozen=True):
    """A mail address or a phone number, and whether it was proved."""

    kind: str
    value: str
    verified: bool
    verified_at: datetime | None = None


class Me(Card, frozen=True, kw_only=True):
    """One's own account; `age_source` is null until a birth date was given, which can be done once."""

    bio: str = ""
    links: list[Link] = []
    country: str | None = None
    is_country_shown: bool = False
    age_level: int = 0
    age_source: str | None = None
    email: Contact | None = None
    phone: Contact | None = None
    registered_at: datetime


class Profile(Card, frozen=True, kw_only=True):
    """Somebody, as the reader may see them; what they hide is absent and named in `hidden`."""

    bio: str = ""
    links: list[Link] = []
    country: str | None = None
    registered_at: datetime | None = None
    hidden: list[str] = []


class Found(Card, frozen=True, kw_only=True):
    """Somebody whom a search may mean."""

    is_friend: bool = False


class _FoundPeople(msgspec.Struct, frozen=True):
    items: list[Found] = []


class Profiles:
    """People, as the player who is signed in sees them."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def me(self) -> Me:
        """Return oneself."""
        return await self._calls.get(Me, "/v1/accounts/me")

    async def change(self, change: dict[str, Any]) -> Me:
        """Change what one says of oneself; what is not named stays."""
        return (await self._calls.send("PATCH", "/v1/accounts/me", change)).read(Me)

    async def show_picture(self, picture: bytes, kind: str) -> None:
        """Show a picture.

        Args:
            picture: A file.
            kind: `image/png`, `image/jpeg` or `image/webp`.
        """
        await self._calls.upload("PUT", "/v1/accounts/me/avatar", picture, kind)

    async def drop_picture(self) -> None:
        """Show the picture that the platform draws."""
        await self._calls.send("DELETE", "/v1/accounts/me/avatar")

    async def profile(self, account_id: str) -> Profile:
        """Return somebody.

        Raises:
            SdkError: `account.not_found` also where they hide from the caller.
        """
        return await self._calls.get(Profile, path("/v1/accounts/{id}", id=account_id))

    async def find(self, query: str) -> list[Found]:
        """Return whom a name may mean, friends first; two letters at least."""
        asked = {"query": query, "limit": str(FOUND_MAX)}
        return (await self._calls.get(_FoundPeople, "/v1/accounts", asked)).items
