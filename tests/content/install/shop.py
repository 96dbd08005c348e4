"""A store in a folder, a platform that signs, and a source that reads the store: what a client needs, without a network."""

from collections.abc import AsyncIterator, Mapping
from concurrent.futures import Executor
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from samovar.content.format.canonical import encode, hash_of
from samovar.content.format.chunking import STANDARD
from samovar.content.format.deltas import HDIFFPATCH
from samovar.content.format.manifest import Release, describe, sign
from samovar.content.format.packs import Pack, PackWriter
from samovar.content.format.plan import write_plan
from samovar.content.format.tree import FoundFile, FoundLink, Tree, build_tree
from samovar.content.install.errors import SourceFailed
from samovar.content.install.trust import Envelopes, Offer
from samovar.content.publish.pairing import DeltaSet, Side, make_deltas
from samovar.content.publish.planning import Stored, make_plan
from tests.content.format.material import Build, found

APP = bytes(range(16))
BRANCH = "public"
NOW = 1_800_000_000
PLATFORM = Ed25519PrivateKey.from_private_bytes(b"p" * 32)
DEVELOPER = Ed25519PrivateKey.from_private_bytes(b"d" * 32)


class Content:
    """A build: its files, which of them may be run, its links and empty folders."""

    def __init__(
        self,
        files: Build,
        *,
        executable: frozenset[str] = frozenset(),
        links: Mapping[str, str] | None = None,
        folders: tuple[str, ...] = (),
    ) -> None:
        self.files = files
        self.executable = executable
        self.links = dict(links or {})
        self.folders = folders

    def tree(self) -> Tree:
        items: list[FoundFile | FoundLink] = [
            found(path, data, executable=path in self.executable) for path, data in self.files.items()
        ]
        return build_tree([*items, *(FoundLink(*link) for link in self.links.items())], self.folders)


class Shop:
    """The store and the platform."""

    def __init__(self, folder: Path, threads: Executor) -> None:
        self.folder = folder
        self.reads: list[tuple[str, int, int]] = []
        self.blamed: list[str] = []
        self._threads = threads
        self._packs: list[Pack] = []
        self._sets: list[DeltaSet] = []
        self._known: set[bytes] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def push(self, content: Content) -> Tree:
        with PackWriter(self.folder, self._threads, frame_bytes=256 * 1024, pack_bytes=2**20) as writer:
            for path, data in sorted(content.files.items(), key=lambda item: item[0].split("/")):
                at = 0
                for chunk in found(path, data).chunks:
                    if chunk.id not in self._known:
                        self._known.add(chunk.id)
                        writer.add(chunk, data[at : at + chunk.size])
                    at += chunk.size
        self._packs += writer.packs
        return content.tree()

    def pair(self, old: Content, new: Content, kind: int = HDIFFPATCH) -> None:
        def side(content: Content) -> Side:
            tree = content.tree()
            return Side(
                tree,
                lambda number, offset, length: content.files[tree.files[number].path][offset:][:length],
            )

        self._sets.append(make_deltas(side(old), side(new), self.folder, self._threads, kind=kind, level=3))

    def offer(self, old: Tree, new: Tree, build: str = "1") -> Offer:
        plan = make_plan(old, new, Stored(self._packs, self._sets))
        manifest = describe(new, app=APP, chunking=STANDARD, created=NOW)
        return Offer(APP, BRANCH, build, write_plan(plan, old), manifest)

    def envelopes(self, offer: Offer, *, sequence: int = 1, expires: int = NOW + 1000) -> Envelopes:
        manifest = sign("manifest", encode(offer.manifest), DEVELOPER)
        release = Release(1, APP, BRANCH, hash_of(manifest), sequence, NOW - 1, expires)
        return Envelopes(
            sign("plan", offer.plan, PLATFORM), manifest, sign("release", encode(release), PLATFORM)
        )

    async def read(self, key: str, offset: int, length: int) -> AsyncIterator[bytes]:
        self.reads.append((key, offset, length))
        path = self.folder / key.partition("/")[2]
        if not path.exists():
            raise SourceFailed(key)
        with path.open("rb") as file:
            file.seek(offset)
            left = length
            while left and (data := file.read(min(left, 64 * 1024))):
                left -= len(data)
                yield data

    def at_once(self) -> int:
        return 6

    def blame(self, key: str) -> None:
        self.blamed.append(key)


def write(folder: Path, content: Content) -> None:
    """Lay a build into a folder, without any state: as a copy from a friend."""
    for path, data in content.files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def read(folder: Path) -> dict[str, bytes | str | None]:
    """Return what lies in a game's folder: bytes of files, targets of links, None for folders."""
    got: dict[str, bytes | str | None] = {}
    for place in folder.rglob("*"):
        path = place.relative_to(folder).as_posix()
        if path == ".samovar" or path.startswith(".samovar/"):
            continue
        if place.is_symlink():
            got[path] = place.readlink().as_posix()
        else:
            got[path] = None if place.is_dir() else place.read_bytes()
    return got


def expected(content: Content) -> dict[str, bytes | str | None]:
    """Return what `read` gives when a build is installed and nothing else is there."""
    tree = content.tree()
    return {**dict.fromkeys(tree.folders), **content.files, **content.links}
