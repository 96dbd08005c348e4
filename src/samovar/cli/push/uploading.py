"""A push from beginning to end. Whatever breaks it off, the same push once more goes on where it was: what was sent is not sent again."""

import asyncio
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from samovar.cli.push.keys import register
from samovar.cli.push.packing import Packing, Stopped
from samovar.cli.push.platform import Platform, PushFailed, Refused
from samovar.cli.push.reporting import Preview, Progress, report, size
from samovar.content.format.canonical import encode, hash_of
from samovar.content.format.chunking import STANDARD
from samovar.content.format.errors import ContentError
from samovar.content.format.manifest import describe, sign
from samovar.content.format.packs import Pack
from samovar.content.format.scan import scan
from samovar.content.format.tree import Tree
from samovar.services.download.builds.checking import pack_nodes

ASKED_AT_ONCE = 1_500
SENT_AT_ONCE = 4
COMPLETED_MAX = 3
_MISSING = "download.chunks_missing"


class Order(NamedTuple):
    """What is to be pushed.

    Attributes:
        folder: Of the game.
        app_id: Of the app.
        branch: That is to give the build.
        note: What is in the build, for the people of the organisation.
        percent: How many of a hundred players get it at first.
        password: Of the branch; none leaves it as it is.
        hold: Upload and look, but leave the branch as it is.
        memory: Where it is remembered which uploads are on the way.
        created: Unix time in seconds, for the manifest.
    """

    folder: Path
    app_id: UUID
    branch: str
    note: str
    percent: int
    password: str | None
    hold: bool
    memory: Path
    created: int


class Pushed(NamedTuple):
    """What came of it."""

    build_id: str
    number: int
    sent_bytes: int
    is_live: bool


class _App(msgspec.Struct, frozen=True):
    organisation_id: UUID | None


class _Build(msgspec.Struct, frozen=True):
    id: str
    state: str
    number: int | None = None


class _Missing(msgspec.Struct, frozen=True):
    missing: list[str]


class _Branch(msgspec.Struct, frozen=True):
    name: str
    build_id: str


class Push:
    """Pushes one folder.

    Args:
        platform: Where to.
        key: Signs the build.
        old_key: Introduces it to players who know that one; None where it is known already.
        say: Is told what happens, for people.
        agree: Is asked before the branch changes.
    """

    def __init__(
        self,
        platform: Platform,
        key: Ed25519PrivateKey,
        *,
        old_key: Ed25519PrivateKey | None = None,
        say: Callable[[str], None],
        agree: Callable[[str], bool],
    ) -> None:
        self._platform = platform
        self._key = key
        self._old_key = old_key
        self._say = say
        self._agree = agree
        self._sent_bytes = 0

    async def run(self, order: Order) -> Pushed:
        """Push.

        Raises:
            PushFailed: It cannot go on.
            ContentError: The folder cannot be a build, or is written to meanwhile.
            OSError: A file cannot be read.
        """
        await self._introduce_key(order)
        tree = await asyncio.to_thread(scan, order.folder)
        self._say(f"{len(tree.files)} files, {size(tree.size)}")
        build = await self._upload(order, tree)
        self._say(f"Build {build.number} is complete; {size(self._sent_bytes)} were sent.")
        live = await self._offer(order, build)
        return Pushed(build.id, build.number or 0, self._sent_bytes, live)

    async def _introduce_key(self, order: Order) -> None:
        """Let the organisation know the build key, where whoever pushes may look at the app; else it must know the key already."""
        try:
            app = await self._platform.ask("GET", f"/v1/dev/apps/{order.app_id}", _App)
        except Refused as refused:
            if refused.status != HTTPStatus.FORBIDDEN:
                raise
            return
        if app.organisation_id is None:
            raise PushFailed("the app belongs to no organisation: nobody can publish builds of it")
        said = await register(
            self._platform,
            app.organisation_id,
            self._key,
            old_key=self._old_key,
            now=order.created,
        )
        if said is not None:
            self._say(said)

    async def _upload(self, order: Order, tree: Tree) -> _Build:
        build = await self._begun(order)
        manifest = describe(tree, app=order.app_id.bytes, chunking=STANDARD, created=order.created)
        signed = {"manifest": b64encode(sign("manifest", encode(manifest), self._key)).decode()}
        await self._platform.ask("PUT", f"/v1/dev/builds/{build.id}/tree", Any, data=pack_nodes(tree))
        for attempt in range(1, COMPLETED_MAX + 1):
            await self._send(order.folder, tree, build.id)
            try:
                done = await self._platform.ask(
                    "POST", f"/v1/dev/builds/{build.id}/commit", _Build, json=signed
                )
            except Refused as refused:
                # What nothing needed any more was cleared away between the question and the commit.
                if refused.code != _MISSING or attempt == COMPLETED_MAX:
                    raise
            else:
                _memory_of(order).unlink(missing_ok=True)
                return done
        raise PushFailed("the build was not completed")

    async def _begun(self, order: Order) -> _Build:
        """Return the upload that was broken off, or a new one."""
        memory = _memory_of(order)
        with suppress(OSError, ValueError, Refused):
            known = UUID(memory.read_text(encoding="ascii").strip())
            build = await self._platform.ask("GET", f"/v1/dev/builds/{known}", _Build)
            if build.state == "uploading":
                self._say("Going on with the upload that was broken off.")
                return build
        begun = await self._platform.ask(
            "POST", f"/v1/dev/apps/{order.app_id}/builds", _Build, json={"note": order.note}
        )
        memory.parent.mkdir(parents=True, exist_ok=True)
        memory.write_text(begun.id, encoding="ascii")
        return begun

    async def _missing(self, build_id: str, chunk_ids: Iterable[bytes]) -> set[bytes]:
        asked = [one.hex() for one in chunk_ids]
        found: set[bytes] = set()
        for at in range(0, len(asked), ASKED_AT_ONCE):
            answer = await self._platform.ask(
                "POST",
                f"/v1/dev/builds/{build_id}/chunks/missing",
                _Missing,
                json={"chunks": asked[at : at + ASKED_AT_ONCE]},
            )
            found.update(map(bytes.fromhex, answer.missing))
        return found

    async def _send(self, folder: Path, tree: Tree, build_id: str) -> None:
        """Send what the platform lacks."""
        sizes = {chunk.id: chunk.size for _, file in tree.files for chunk in tree.chunks(file)}
        wanted = await self._missing(build_id, sizes)
        if not wanted:
            return
        total = sum(sizes[one] for one in wanted)
        self._say(f"The platform lacks {size(total)} of {size(tree.size)}.")
        progress = Progress("Sending", total)
        loop = asyncio.get_running_loop()
        packs: asyncio.Queue[Pack | None] = asyncio.Queue()
        with tempfile.TemporaryDirectory(prefix="samovar-push-") as into:

            def give(pack: Pack) -> None:
                loop.call_soon_threadsafe(packs.put_nowait, pack)

            packing = Packing(Path(into), ahead=2 * SENT_AT_ONCE, give=give)

            async def pack_all() -> None:
                with suppress(Stopped):
                    await asyncio.to_thread(packing.run, folder, tree, wanted)
                for _ in range(SENT_AT_ONCE):
                    packs.put_nowait(None)

            async def send_some() -> None:
                while pack := await packs.get():
                    await self._send_pack(build_id, Path(into), pack)
                    packing.sent(pack)
                    progress.add(sum(frame.size for frame in pack.index.frames))

            await _together(packing, pack_all(), *(send_some() for _ in range(SENT_AT_ONCE)))

    async def _send_pack(self, build_id: str, into: Path, pack: Pack) -> None:
        data = await asyncio.to_thread((into / pack.id.hex()).read_bytes)
        path = f"/v1/dev/builds/{build_id}/packs/{pack.id.hex()}"
        await self._platform.ask("PUT", path, Any, data=data)
        self._sent_bytes += len(data)

    async def _offer(self, order: Order, build: _Build) -> bool:
        """Show what the update costs, and let the branch give the build; returns whether it does."""
        branches = f"/v1/dev/apps/{order.app_id}/branches"
        given = {one.name: one.build_id for one in await self._platform.ask("GET", branches, list[_Branch])}
        query = {"from_build_id": given[order.branch]} if order.branch in given else {}
        preview = await self._platform.ask("GET", f"/v1/dev/builds/{build.id}/preview", Preview, query=query)
        self._say(report(preview))
        if order.hold or not self._agree(f"Let the branch {order.branch!r} give build {build.number}?"):
            self._say(f"The branch {order.branch!r} is as it was; the build is {build.id}.")
            return False
        change: dict[str, object] = {"build_id": build.id, "percent": order.percent, "note": order.note}
        if order.password is not None:
            change["password"] = order.password
        await self._platform.ask("PUT", f"{branches}/{order.branch}", _Branch, json=change)
        whom = "all players" if order.percent == 100 else f"{order.percent} of 100 players"  # noqa: PLR2004
        self._say(f"The branch {order.branch!r} gives build {build.number} to {whom}.")
        return True


async def _together(packing: Packing, *steps: Any) -> None:
    """Run steps at once; when one fails, the others and the packing are stopped, and its error goes on.

    Raises:
        PushFailed, ContentError, OSError: What the first of them raised.
    """
    try:
        async with asyncio.TaskGroup() as tasks:
            for step in steps:
                tasks.create_task(step)
    except BaseExceptionGroup as group:
        first = group.exceptions[0]
        if isinstance(first, PushFailed | ContentError | OSError):
            raise first from None
        raise
    finally:
        packing.stop()


def _memory_of(order: Order) -> Path:
    """Return where the upload of a folder to an app is remembered."""
    name = hash_of(f"{order.app_id}\0{order.folder.resolve()}".encode()).hex()[:32]
    return order.memory / name
