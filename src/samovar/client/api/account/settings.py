"""What a person has decided: settings, privacy, notices, consents; and having one's data, or having it forgotten."""

from typing import Any

import msgspec

from samovar.client.api.account.profiles import Contact, Me
from samovar.client.api.calls import Calls, path


class Settings(msgspec.Struct, frozen=True):
    """Settings; `hidden_content` are the kinds of content that the store leaves out."""

    country: str | None = None
    hidden_content: list[str] = []
    is_motion_reduced: bool = False


class Privacy(msgspec.Struct, frozen=True):
    """Who sees what: `everyone`, `friends` or `nobody`."""

    profile: str = "everyone"
    library: str = "friends"
    friends: str = "friends"
    activity: str = "friends"
    is_findable: bool = True


class Category(msgspec.Struct, frozen=True):
    """Whether one is told of something; what `is_fixed` is told always."""

    category: str
    inbox: bool
    is_fixed: bool = False


class Notices(msgspec.Struct, frozen=True):
    """Of what one is told."""

    categories: list[Category] = []


class Consent(msgspec.Struct, frozen=True):
    """What one agrees to; what is `required` ends with the account alone."""

    purpose: str
    required: bool
    given: bool
    current_version: str


class _Consents(msgspec.Struct, frozen=True):
    items: list[Consent] = []


class CodeSent(msgspec.Struct, frozen=True):
    """How a code went out; `call_number` is whom to call, instead of typing one."""

    sent_to: str
    method: str
    code_length: int
    call_number: str | None = None


class Preferences:
    """What the player has decided."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def settings(self) -> Settings:
        """Return the settings."""
        return await self._calls.get(Settings, "/v1/accounts/me/settings")

    async def change_settings(self, change: dict[str, Any]) -> Settings:
        """Change settings; what is not named stays."""
        return (await self._calls.send("PATCH", "/v1/accounts/me/settings", change)).read(Settings)

    async def privacy(self) -> Privacy:
        """Return who sees what."""
        return await self._calls.get(Privacy, "/v1/accounts/me/privacy")

    async def change_privacy(self, change: dict[str, Any]) -> Privacy:
        """Change who sees what; what is not named stays."""
        return (await self._calls.send("PATCH", "/v1/accounts/me/privacy", change)).read(Privacy)

    async def notices(self) -> Notices:
        """Return of what one is told."""
        return await self._calls.get(Notices, "/v1/notifications/preferences")

    async def choose_notices(self, wanted: dict[str, bool]) -> Notices:
        """Say of what one wants to be told, by category."""
        body = {"categories": [{"category": name, "inbox": told} for name, told in wanted.items()]}
        return (await self._calls.send("PUT", "/v1/notifications/preferences", body)).read(Notices)

    async def consents(self) -> list[Consent]:
        """Return what one agrees to."""
        return (await self._calls.get(_Consents, "/v1/accounts/me/consents")).items

    async def decide(self, consent: Consent, *, given: bool) -> None:
        """Agree to something, as it is worded now, or do not any more."""
        body = {"given": given, "text_version": consent.current_version if given else None}
        at = path("/v1/accounts/me/consents/{purpose}", purpose=consent.purpose)
        await self._calls.send("PUT", at, body)


class Contacts:
    """The player's mail address and phone."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def me(self) -> Me:
        """Return oneself, contacts with it."""
        return await self._calls.get(Me, "/v1/accounts/me")

    async def verify(self, kind: str, value: str | None) -> CodeSent:
        """Send a code.

        Args:
            kind: `email` or `phone`.
            value: Another one than is known.
        """
        body = {kind: value} if value else {}
        return (await self._calls.send("POST", f"/v1/accounts/me/{kind}/verify", body)).read(CodeSent)

    async def confirm(self, kind: str, code: str | None) -> Contact:
        """Prove a contact; without a code where one was to call."""
        body = {"code": code} if code else {}
        return (await self._calls.send("POST", f"/v1/accounts/me/{kind}/confirm", body)).read(Contact)

    async def tell_birth_date(self, day: str) -> Me:
        """Say when one was born, ISO 8601: once."""
        return (await self._calls.send("PATCH", "/v1/accounts/me", {"birth_date": day})).read(Me)
