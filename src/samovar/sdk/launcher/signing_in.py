"""The player's session on this machine: begun with the help of another device that is signed in, kept in a file, renewed when it runs out."""

import asyncio
import base64
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import aiohttp
import msgspec

from samovar.sdk.errors import Offline, SignInNeeded

CALL_TIMEOUT_S = 20.0
ANSWER_BYTES_MAX = 1_048_576
_SLOWER_S = 5
_OK = 200
_UNAUTHENTICATED, _TOO_MANY, _SERVER_FAULT = 401, 429, 500

T = TypeVar("T")


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A session, as its file holds it."""

    account_id: UUID
    access_token: str
    refresh_token: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What to show to the player, who opens the address on a device that is signed in, and finds the number there."""

    user_code: str
    verification_uri: str
    verification_uri_complete: str
    match_number: int


class _Started(Shown, frozen=True, kw_only=True):
    device_code: str
    expires_in: int
    interval: int


class _Pair(msgspec.Struct, frozen=True, kw_only=True):
    access_token: str
    refresh_token: str


class _Fault(msgspec.Struct, frozen=True):
    code: str = ""
    detail: str = ""


class _SecondFactor(msgspec.Struct, frozen=True):
    mfa_required: bool = False
    mfa_token: str = ""


class StoredSession:
    """Tokens out of a file that nobody else may read, renewed there.

    Args:
        origin: The platform's address.
        file: Where the session is kept.
        pause: Waits so many seconds between two questions.
        language: In which the platform explains why it refuses.
    """

    def __init__(
        self,
        origin: str,
        file: Path,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        language: str = "ru",
    ) -> None:
        self._pause = pause
        self._language = language
        self._origin = origin.rstrip("/")
        self._file = file
        self._turn = asyncio.Lock()

    def read(self) -> Session:
        """Return the session.

        Raises:
            SignInNeeded: There is none.
        """
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=Session)
        except (OSError, msgspec.DecodeError):
            raise SignInNeeded("nobody is signed in on this machine") from None

    async def token(self) -> str:
        """Return the access token, which may have run out.

        Raises:
            SignInNeeded: Nobody is signed in.
        """
        return self.read().access_token

    async def renew(self, stale: str) -> str:
        """Return another access token, with the refresh token, which works once: whoever was first has renewed it for all.

        Raises:
            Offline: The platform does not answer.
            SignInNeeded: The session is over.
        """
        async with self._turn:
            session = self.read()
            if session.access_token != stale:
                return session.access_token
            status, body = await self._post("/v1/auth/refresh", {"refresh_token": session.refresh_token})
            if status != _OK:
                raise SignInNeeded("the session is over")
            pair = _decode(body, _Pair)
            self._keep(
                Session(
                    account_id=session.account_id,
                    access_token=pair.access_token,
                    refresh_token=pair.refresh_token,
                )
            )
            return pair.access_token

    async def sign_in(self, device_name: str, show: Callable[[Shown], None]) -> Session:
        """Let another device sign this one in, and keep the session.

        Args:
            device_name: What the player calls this machine.
            show: Shows what to do.

        Raises:
            Offline: The platform does not answer.
            SignInNeeded: The player said no, or did nothing in time.
        """
        status, body = await self._post("/v1/auth/device", {"device_name": device_name})
        if status != _OK:
            raise SignInNeeded(_decode(body, _Fault).code)
        started = _decode(body, _Started)
        show(started)
        pause_s = started.interval
        async with asyncio.timeout(started.expires_in + pause_s):
            while True:
                await self._pause(pause_s)
                status, body = await self._post("/v1/auth/device/token", {"device_code": started.device_code})
                if status == _OK:
                    session = _decode(body, Session)
                    self._keep(session)
                    return session
                code = _decode(body, _Fault).code
                if code == "auth.slow_down":
                    pause_s += _SLOWER_S
                elif code != "auth.authorization_pending":
                    raise SignInNeeded(code)

    async def sign_in_by_password(self, login: str, password: str, second: Callable[[], str]) -> Session:
        """Sign in by a password, and keep the session.

        Args:
            login: E-mail or phone.
            password: The password.
            second: Returns the code of the second factor, where one is asked for: six digits, or a recovery code.

        Raises:
            Offline: The platform does not answer.
            SignInNeeded: It refuses; the message says why.
        """
        status, body = await self._post("/v1/auth/login", {"login": login, "password": password})
        if status == _OK and (waits := _decode(body, _SecondFactor)).mfa_required:
            code = second()
            method = "totp" if code.isdecimal() else "recovery"
            answer = {"mfa_token": waits.mfa_token, "method": method, "code": code}
            status, body = await self._post("/v1/auth/mfa", answer)
        if status != _OK:
            fault = _decode(body, _Fault)
            raise SignInNeeded(fault.detail or fault.code)
        session = _decode(body, Session)
        self._keep(session)
        return session

    async def end(self, session: Session) -> None:
        """Let the platform end a session, which need not be the one that is kept; one that is over stays so.

        Raises:
            Offline: The platform does not answer.
        """
        path = "/v1/auth/logout"
        status, _ = await self._post(path, None, token=session.access_token)
        if status == _UNAUTHENTICATED:
            renewal = {"refresh_token": session.refresh_token}
            status, body = await self._post("/v1/auth/refresh", renewal)
            if status == _OK:
                await self._post(path, None, token=_decode(body, _Pair).access_token)

    def sign_out(self) -> None:
        """Forget the session on this machine."""
        self._file.unlink(missing_ok=True)

    async def _post(self, path: str, body: object, *, token: str | None = None) -> tuple[int, bytes]:
        timeout = aiohttp.ClientTimeout(total=CALL_TIMEOUT_S)
        headers = {"Content-Type": "application/json", "Accept-Language": self._language}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(
                    self._origin + path,
                    data=None if body is None else msgspec.json.encode(body),
                    headers=headers,
                    allow_redirects=False,
                ) as answer,
            ):
                content = await answer.content.read(ANSWER_BYTES_MAX)
                if answer.status >= _SERVER_FAULT or answer.status == _TOO_MANY:
                    raise Offline(f"{path}: {answer.status}")
                return answer.status, content
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Offline(f"{path}: {error or type(error).__name__}") from error

    def _keep(self, session: Session) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self._file.with_suffix(".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(msgspec.json.encode(session))
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(self._file)


class _Claims(msgspec.Struct, frozen=True):
    sub: UUID


def account_in(token: str) -> UUID:
    """Return whose an access token is, as it says of itself.

    Raises:
        SignInNeeded: It is none.
    """
    try:
        payload = token.split(".")[1]
        return msgspec.json.decode(
            base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=_Claims
        ).sub
    except (IndexError, ValueError, msgspec.DecodeError):
        raise SignInNeeded("this is no access token") from None


def _decode(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise Offline(f"not an answer of the platform: {error}") from error
