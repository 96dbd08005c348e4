"""Getting a game: order it from the platform, check what is offered, bring a folder to its newest build."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import aiohttp
import msgspec
from msgspec import Meta

from samovar.content.engine.bringing import bring
from samovar.content.engine.downloads import Steady
from samovar.content.engine.installing import Folder, Result, Tell
from samovar.content.engine.mirrors import READ_BYTES, Mirrors
from samovar.content.engine.pace import Pace
from samovar.content.engine.scoring import Scores
from samovar.content.engine.tickets import Ticket, Tickets
from samovar.content.format.errors import TooLarge
from samovar.content.format.manifest import SIGNED_BYTES_MAX
from samovar.content.format.plan import PLAN_BYTES_MAX
from samovar.content.install.errors import SourceFailed
from samovar.content.install.trust import Envelopes, Offer
from samovar.sdk.api import Api
from samovar.sdk.clock import Clock
from samovar.sdk.errors import Offline, SdkError

# The first who asks for an update waits until its plan is made.
ORDER_TIMEOUT_S = 70.0

Url = Annotated[str, Meta(max_length=2_048)]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which game is wanted, and where.

    Attributes:
        game_id: The app.
        device_id: This machine, as the platform knows it.
        branch: Of the app; none for the one that everybody has.
        password: Of the branch.
        region: Where the player says that the machine is, `ru-spe`: a mirror nearby is tried first.
    """

    game_id: UUID
    device_id: str
    branch: str | None = None
    password: str | None = None
    region: str | None = None


class _Key(msgspec.Struct, frozen=True):
    public_key: bytes


class Ordered(msgspec.Struct, frozen=True, kw_only=True):
    """What the platform answers to an order: a row of this machine's queue and all that is needed to begin."""

    id: UUID
    build_id: UUID
    branch: str
    state: str
    size_bytes: int
    download_bytes: int
    disk_bytes_peak: int
    plan_url: Url
    manifest_url: Url
    content_base_url: Url
    expires_at: datetime
    release: bytes
    platform_keys: list[_Key]
    developer_keys: list[_Key]
    platform_introductions: list[bytes] = []
    developer_introductions: list[bytes] = []
    sources: list[Url] = []


class GameAtPlatform:
    """A game on a branch: what the newest build is, and how to get there.

    Args:
        api: The platform, as the player; it is patient enough for an order (`ORDER_TIMEOUT_S`).
        contents: For signed envelopes: the player's token is no business of whoever gives them.
        folder: Whose keys are pinned.
        wanted: Which game.
        clock: The time.

    Attributes:
        ordered: What was ordered last; nothing at first.
    """

    def __init__(
        self,
        api: Api,
        contents: aiohttp.ClientSession,
        folder: Folder,
        wanted: Wanted,
        *,
        clock: Clock,
    ) -> None:
        self._api = api
        self._contents = contents
        self._folder = folder
        self._wanted = wanted
        self._clock = clock
        self.ordered: Ordered | None = None

    async def ask(self, base: str | None) -> str:
        """Order the game and return its newest build.

        Raises:
            Occupied: Another game is in the folder.
            SdkError: The platform refuses, or does not answer.
        """
        self._folder.belong(self._wanted.game_id.bytes)
        self.ordered = await order(self._api, self._wanted, base)
        return str(self.ordered.build_id)

    async def offer(self) -> Offer:
        """Fetch what was ordered and check it."""
        ordered, trust = self._order, self._folder.trust
        trust.pin(_keys(ordered.platform_keys), _keys(ordered.developer_keys))
        trust.introduce(ordered.platform_introductions, ordered.developer_introductions)
        sent = Envelopes(
            await self._fetch(ordered.plan_url, PLAN_BYTES_MAX),
            await self._fetch(ordered.manifest_url, SIGNED_BYTES_MAX),
            ordered.release,
        )
        return trust.open(
            sent,
            app=self._wanted.game_id.bytes,
            branch=ordered.branch,
            build=str(ordered.build_id),
            now=int(self._clock.now().timestamp()),
        )

    def ticket(self) -> Ticket:
        """Return the ticket of what was ordered last."""
        ordered = self._order
        sources = ordered.sources or [ordered.content_base_url]
        bases = tuple(urljoin(self._api.origin, source) for source in sources)
        return Ticket(bases, ordered.expires_at.timestamp())

    async def renew(self) -> Ticket:
        """Get another ticket for the same build.

        Raises:
            SourceFailed: The platform gives none.
        """
        named = {"region": self._wanted.region, "branch_password": self._wanted.password}
        body = {name: value for name, value in named.items() if value is not None}
        try:
            reply = await self._api.call("POST", f"/v1/downloads/{self._order.id}/ticket", json=body)
        except SdkError as error:
            raise SourceFailed(str(error)) from None
        self.ordered = reply.read(Ordered)
        return self.ticket()

    async def tell(self, **change: object) -> None:
        """Tell the platform how the download stands, once it is ordered; one that does not answer hears of it later.

        Args:
            change: `state`, `position`, `done_bytes`, `failure`, as `PATCH /v1/downloads/{id}` takes them.
        """
        if self.ordered is not None:
            with suppress(SdkError):
                await self._api.call("PATCH", f"/v1/downloads/{self.ordered.id}", json=change)

    @property
    def _order(self) -> Ordered:
        if self.ordered is None:
            raise RuntimeError("nothing was ordered yet")
        return self.ordered

    async def _fetch(self, path: str, bytes_max: int) -> bytes:
        url = urljoin(self._api.origin, path)
        found = bytearray()
        try:
            async with self._contents.get(url, raise_for_status=True) as answer:
                async for data in answer.content.iter_chunked(READ_BYTES):
                    found += data
                    if len(found) > bytes_max:
                        raise TooLarge(f"more than {bytes_max} bytes at {urlsplit(url).path}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Offline(f"{urlsplit(url).path}: {error or type(error).__name__}") from None
        return bytes(found)


async def order(api: Api, wanted: Wanted, base: str | None) -> Ordered:
    """Put a game into the queue of this machine. Ordered again, it is the same row.

    Args:
        api: The platform, as the player.
        wanted: Which game.
        base: The build that the machine has; none: nothing.

    Raises:
        SdkError: The platform refuses, or does not answer.
    """
    named = {
        "game_id": str(wanted.game_id),
        "device_id": wanted.device_id,
        "branch": wanted.branch,
        "branch_password": wanted.password,
        "from_build": base,
        "region": wanted.region,
    }
    body = {name: value for name, value in named.items() if value is not None}
    return (await api.call("POST", "/v1/downloads", json=body)).read(Ordered)


async def get(
    game: GameAtPlatform,
    contents: aiohttp.ClientSession,
    folder: Folder,
    pace: Pace,
    *,
    clock: Clock,
    tell: Tell = lambda _: None,
    whole: bool = False,
) -> Result:
    """Bring a folder to the newest build, and tell the platform that it is there.

    Args:
        game: Which one.
        contents: For contents: `mirrors.new_session`.
        folder: Held by this process.
        pace: How fast bytes may come.
        clock: The time.
        tell: Is told how far it is; it never goes back.
        whole: Look at every byte that is there.

    Raises:
        SdkError: The platform refuses, or does not answer.
        ContentError: It stopped; the folder is the old build, the new one or resumable.
    """

    async def first() -> Ticket:
        tickets.renew = game.renew
        return game.ticket()

    # The first ticket comes with the order, which is placed after the source is made.
    tickets = Tickets(Ticket((), 0.0), first, lambda: clock.now().timestamp())
    source = Mirrors(contents, tickets, Scores(clock.monotonic), pace, monotonic=clock.monotonic)
    result = await bring(folder, game, source, tell=Steady(tell), whole=whole)
    whole_bytes = game.ordered.download_bytes if game.ordered else 0
    await game.tell(state="done", done_bytes=whole_bytes)
    return result


def _keys(sent: list[_Key]) -> list[bytes]:
    return [one.public_key for one in sent]
