"""Calls of auth and account: registering, signing in, second factor, recovery, sessions."""

from datetime import datetime
from typing import Literal

import msgspec

from samovar.client.api.calls import Calls, path
from samovar.client.api.tokens import Issued

Method = Literal["totp", "recovery"]


TOTP_DIGITS = 6


class SignedIn(Issued, frozen=True):
    """Tokens of a new session; `device_token` lets this device in more easily the next time."""

    account_id: str
    device_token: str


class SecondFactorAsked(msgspec.Struct, frozen=True):
    """The password was right; the second factor is asked for. `methods` are those that the account has."""

    mfa_token: str
    methods: list[str]
    expires_in: int


class Me(msgspec.Struct, frozen=True):
    """What the token says of its owner."""

    account_id: str
    roles: list[str]
    amr: list[str]
    acr: str


class Profile(msgspec.Struct, frozen=True):
    """Of the player's own profile, what the shell shows."""

    display_name: str
    avatar_url: str = ""


class Device(msgspec.Struct, frozen=True):
    """Where a session was begun."""

    name: str = ""


class Session(msgspec.Struct, frozen=True):
    """One session of the account."""

    id: str
    is_current: bool
    started_at: datetime
    last_used_at: datetime
    device: Device | None = None
    label: str | None = None
    address: str | None = None
    kind: str = "sign_in"


class Sessions(msgspec.Struct, frozen=True):
    """A page of sessions."""

    items: list[Session]
    next_cursor: str | None = None


class Factors(msgspec.Struct, frozen=True):
    """What the account proves itself with."""

    has_password: bool
    second_factors: list[str]
    passkeys: int
    recovery_codes_left: int
    totp_added_at: datetime | None = None


class TotpSecret(msgspec.Struct, frozen=True):
    """A new secret for an authenticator app, not in force before a code of it was given."""

    secret: str
    otpauth_uri: str


class RecoveryCodes(msgspec.Struct, frozen=True):
    """New codes, shown once; None where there were some already."""

    recovery_codes: list[str] | None = None


class FreshToken(msgspec.Struct, frozen=True):
    """A token that says that its owner has just proved themselves."""

    access_token: str
    expires_in: int


class Auth:
    """Calls of auth.

    Args:
        stranger: Calls without a token.
        player: Calls with one.
    """

    def __init__(self, stranger: Calls, player: Calls) -> None:
        self._stranger = stranger
        self._player = player

    async def register(
        self, *, email: str, password: str, display_name: str, consents: list[str]
    ) -> SignedIn:
        """Make an account and sign in."""
        body = {
            "email": email,
            "password": password,
            "display_name": display_name,
            "consents": consents,
        }
        return (await self._stranger.send("POST", "/v1/auth/register", body)).read(SignedIn)

    async def sign_in(self, *, login: str, password: str) -> SignedIn | SecondFactorAsked:
        """Sign in with a password."""
        reply = await self._stranger.send("POST", "/v1/auth/login", {"login": login, "password": password})
        asked = b'"mfa_required":true' in reply.body.replace(b" ", b"")
        return reply.read(SecondFactorAsked) if asked else reply.read(SignedIn)

    async def second_factor(
        self, *, mfa_token: str, method: Method, code: str, trust_device: bool
    ) -> SignedIn:
        """Give the second factor."""
        body = {"mfa_token": mfa_token, "method": method, "code": code, "trust_device": trust_device}
        return (await self._stranger.send("POST", "/v1/auth/mfa", body)).read(SignedIn)

    async def forgot(self, login: str) -> None:
        """Ask for a letter, or a message, with a code; nobody learns whether there is such an account."""
        await self._stranger.send("POST", "/v1/auth/password/forgot", {"login": login})

    async def reset(self, *, login: str, code: str, new_password: str) -> None:
        """Set a new password with the code that came."""
        body = {"login": login, "code": code, "new_password": new_password}
        await self._stranger.send("POST", "/v1/auth/password/reset", body)

    async def me(self) -> tuple[Me, Profile]:
        """Return who is signed in."""
        me = await self._player.get(Me, "/v1/auth/me")
        return me, await self._player.get(Profile, "/v1/accounts/me")

    async def sign_out(self) -> None:
        """End this session."""
        await self._player.send("POST", "/v1/auth/logout")


class Security:
    """Calls of auth about the player's own security."""

    def __init__(self, player: Calls) -> None:
        self._player = player

    async def sessions(self) -> list[Session]:
        """Return where the account is signed in, the latest first."""
        page = await self._player.get(Sessions, "/v1/auth/sessions", {"limit": "50"})
        return [session for session in page.items if session.kind != "api_key"]

    async def end_session(self, session_id: str) -> None:
        """End one session."""
        await self._player.send("DELETE", path("/v1/auth/sessions/{id}", id=session_id))

    async def end_others(self) -> None:
        """End all sessions but this one."""
        await self._player.send("DELETE", "/v1/auth/sessions")

    async def factors(self) -> Factors:
        """Return what the account proves itself with."""
        return await self._player.get(Factors, "/v1/auth/factors")

    async def change_password(self, *, current: str, new: str) -> None:
        """Set a new password."""
        body = {"current_password": current, "new_password": new}
        await self._player.send("POST", "/v1/auth/password/change", body)

    async def prove(self, password: str) -> FreshToken:
        """Prove again who one is, with the password."""
        body = {"method": "password", "password": password}
        return (await self._player.send("POST", "/v1/auth/step-up", body)).read(FreshToken)

    async def prove_by_code(self, code: str) -> FreshToken:
        """Prove again who one is, with a code of the authenticator app, or one that stands in for it."""
        plain = "".join(code.split())
        method = "totp" if plain.isdecimal() and len(plain) == TOTP_DIGITS else "recovery"
        body = {"method": method, "code": plain if method == "totp" else code.strip()}
        return (await self._player.send("POST", "/v1/auth/step-up", body)).read(FreshToken)


class SecondFactor:
    """Calls of auth about the player's authenticator app."""

    def __init__(self, player: Calls) -> None:
        self._player = player

    async def begin_totp(self, password: str) -> TotpSecret:
        """Make a secret for an authenticator app."""
        return (await self._player.send("POST", "/v1/auth/totp", {"password": password})).read(TotpSecret)

    async def confirm_totp(self, code: str) -> RecoveryCodes:
        """Put it in force with its first code."""
        return (await self._player.send("POST", "/v1/auth/totp/confirm", {"code": code})).read(RecoveryCodes)

    async def remove_totp(self) -> None:
        """Take the authenticator app away."""
        await self._player.send("DELETE", "/v1/auth/totp")

    async def renew_recovery_codes(self) -> list[str]:
        """Make new codes; the former ones no longer work."""
        return (await self._player.send("POST", "/v1/auth/recovery-codes")).read(
            RecoveryCodes
        ).recovery_codes or []
