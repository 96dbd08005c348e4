"""The platform as a player's command sees it: its public API, and what it says of a game."""

import os
import platform
import re
import secrets
import sys
from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import aiohttp

from samovar.cli.content.words import is_russian, say
from samovar.cli.login import ask_password
from samovar.cli.login.keeping import session_of
from samovar.content.engine.installing import Folder
from samovar.content.engine.mirrors import READ_BYTES
from samovar.content.engine.tickets import Ticket
from samovar.content.format.errors import Malformed, TooLarge
from samovar.content.format.manifest import SIGNED_BYTES_MAX
from samovar.content.format.plan import PLAN_BYTES_MAX
from samovar.content.install.trust import Envelopes, Offer
from samovar.sdk.errors import Offline, SignInNeeded, sentence_of
from samovar.sdk.launcher.signing_in import StoredSession

TIMEOUT_S = 60
DEVICE_LENGTH_MAX = 64


class PlatformFailed(Exception):
    """The platform refused or did not answer; the message is for people."""


class Api:
    """The public API.

    Args:
        session: For its calls and for signed envelopes.
        origin: Its address.
    """

    def __init__(self, session: aiohttp.ClientSession, origin: str) -> None:
        self.origin = origin
        self._session = session
        self._token = os.environ.get("SAMOVAR_TOKEN", "")
        self._kept: StoredSession | None = None

    async def sign_in(self) -> None:
        """Be who SAMOVAR_TOKEN says or who has signed in on this machine; else ask the terminal, and keep the session.

        Raises:
            PlatformFailed: The platform refuses or does not answer, or there is no terminal.
        """
        if self._token:
            return
        self._kept = session_of(self.origin)
        with suppress(SignInNeeded):
            self._token = await self._kept.token()
            return
        if not sys.stdin.isatty():
            raise PlatformFailed(say("no_terminal"))
        try:
            self._token = (await ask_password(self._kept)).access_token
        except SignInNeeded as refused:
            raise PlatformFailed(say("refused", why=refused)) from None
        except Offline as away:
            raise PlatformFailed(say("away", why=away)) from None

    async def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Call a route and return its JSON.

        Raises:
            PlatformFailed: It refuses, or does not answer.
        """
        status, found = await self._once(method, path, body)
        if status == HTTPStatus.UNAUTHORIZED and self._kept is not None:
            self._token = await self._renewed(self._kept)
            status, found = await self._once(method, path, body)
        if not isinstance(found, dict):
            raise PlatformFailed(say("away", why=f"status {status}"))
        if status >= HTTPStatus.BAD_REQUEST:
            raise PlatformFailed(say("refused", why=sentence_of(found) or status))
        return found

    async def _renewed(self, kept: StoredSession) -> str:
        try:
            return await kept.renew(self._token)
        except SignInNeeded:
            raise PlatformFailed(say("session_over")) from None
        except Offline as away:
            raise PlatformFailed(say("away", why=away)) from None

    async def _once(self, method: str, path: str, body: object) -> tuple[int, Any]:
        try:
            async with self._session.request(
                method, urljoin(self.origin, path), json=body, headers=self._headers()
            ) as answer:
                is_empty = answer.status == HTTPStatus.NO_CONTENT
                return answer.status, {} if is_empty else await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise PlatformFailed(say("away", why=error or type(error).__name__)) from None

    async def fetch(self, path: str, bytes_max: int) -> bytes:
        """Return a signed envelope.

        Raises:
            PlatformFailed: It cannot be got.
            TooLarge: It is larger than such a thing may be.
        """
        url = urljoin(self.origin, path)
        found = bytearray()
        try:
            async with self._session.get(url, raise_for_status=True) as answer:
                async for data in answer.content.iter_chunked(READ_BYTES):
                    found += data
                    if len(found) > bytes_max:
                        raise TooLarge(f"more than {bytes_max} bytes at {urlsplit(url).path}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PlatformFailed(say("away", why=error or type(error).__name__)) from None
        return bytes(found)

    def _headers(self) -> Mapping[str, str]:
        headers = {"Accept-Language": "ru" if is_russian() else "en"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        return headers


class GameAtPlatform:
    """A game on a branch: what the newest build is, and how to get there.

    Args:
        api: The platform.
        folder: Whose keys are pinned.
        game: The app's id.
        branch: Of the app; None for the one that everybody has.
        password: Of the branch.
        now: Unix time in seconds.
    """

    def __init__(
        self, api: Api, folder: Folder, game: UUID, *, branch: str | None, password: str | None, now: int
    ) -> None:
        self._api = api
        self._folder = folder
        self._game = game
        self._branch = branch
        self._password = password
        self._now = now
        self._ordered: dict[str, Any] = {}

    async def ask(self, base: str | None) -> str:
        """Order the game and return its newest build.

        Raises:
            Occupied: Another game is in the folder.
            PlatformFailed: The platform refuses, or does not answer.
        """
        self._folder.belong(self._game.bytes)
        order: dict[str, Any] = {"game_id": str(self._game), "device_id": device()}
        if self._branch is not None:
            order["branch"] = self._branch
        if self._password is not None:
            order["branch_password"] = self._password
        if base is not None:
            order["from_build"] = base
        order |= _region()
        self._ordered = await self._api.ask("POST", "/v1/downloads", order)
        return str(self._ordered["build_id"])

    async def offer(self) -> Offer:
        """Fetch what was ordered and check it."""
        ordered = self._ordered
        self._folder.trust.pin(_keys(ordered["platform_keys"]), _keys(ordered["developer_keys"]))
        self._folder.trust.introduce(
            map(b64decode, ordered.get("platform_introductions", ())),
            map(b64decode, ordered.get("developer_introductions", ())),
        )
        sent = Envelopes(
            await self._api.fetch(ordered["plan_url"], PLAN_BYTES_MAX),
            await self._api.fetch(ordered["manifest_url"], SIGNED_BYTES_MAX),
            b64decode(ordered["release"]),
        )
        return self._folder.trust.open(
            sent,
            app=self._game.bytes,
            branch=str(ordered["branch"]),
            build=str(ordered["build_id"]),
            now=self._now,
        )

    def ticket(self) -> Ticket:
        """Return the ticket of what was ordered last."""
        ordered = self._ordered
        sources = ordered.get("sources") or [ordered["content_base_url"]]
        bases = tuple(urljoin(self._api.origin, str(source)) for source in sources)
        return Ticket(bases, datetime.fromisoformat(ordered["expires_at"]).timestamp())

    async def renew(self) -> Ticket:
        """Get another ticket for the same build."""
        renewal = _region()
        if self._password is not None:
            renewal["branch_password"] = self._password
        self._ordered = await self._api.ask("POST", f"/v1/downloads/{self._ordered['id']}/ticket", renewal)
        return self.ticket()

    async def done(self) -> None:
        """Tell the platform that the game is complete."""
        change = {"state": "done", "done_bytes": self._ordered["download_bytes"]}
        await self._api.ask("PATCH", f"/v1/downloads/{self._ordered['id']}", change)


def _keys(sent: list[dict[str, str]]) -> list[bytes]:
    try:
        return [b64decode(one["public_key"], validate=True) for one in sent]
    except ValueError:
        raise Malformed("a public key is not written in base64") from None


def _region() -> dict[str, str]:
    """Where the player says that the device is: a mirror nearby is tried first."""
    region = os.environ.get("SAMOVAR_REGION", "")
    return {"region": region.lower()} if region else {}


def device() -> str:
    """Return the name of this device, made once and kept beside the settings of other programs."""
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    path = Path(home) / "samovar" / "device"
    if path.is_file():
        return path.read_text().strip()[:DEVICE_LENGTH_MAX]
    host = re.sub(r"[^A-Za-z0-9]+", "-", platform.node()).strip("-")[:40] or "device"
    name = f"{host}-{secrets.token_hex(6)}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(name + "\n")
    return name
