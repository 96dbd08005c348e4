"""Three devices of one player save one file, offline for a while each, in an order drawn by lot; nothing may be lost.

python -m tests.services.library.saves.simulation 100000
"""

import random
import sys
from collections.abc import Callable
from uuid import UUID

import msgspec

from samovar.services.library.saves import domain
from samovar.services.library.saves.domain import Decision, File, Upload, Version

DEVICES = 3
STEPS_MAX = 60

Decide = Callable[[File | None, Upload], Decision]


class Conflict(Exception):
    """Another device was first."""

    def __init__(self, current: Version, yours: Version) -> None:
        super().__init__()
        self.current, self.yours = current, yours


class Server:
    """What library keeps of one file, by the rules of `domain` alone."""

    def __init__(self, history_max: int, decide: Decide) -> None:
        self.file: File | None = None
        self.decide = decide
        self.history_max = history_max
        self.kept: set[UUID] = set()
        self.pruned: set[UUID] = set()
        # Sides that nobody has chosen between yet, found here without the rules that are under test.
        self.unsettled: set[UUID] = set()
        self._made = 0

    def put(self, upload: Upload) -> Version:
        """Keep an upload, as the use case does; one of a device that was behind must never become current."""
        current_id, is_behind = self.file and self.file.current_id, self._is_behind(upload)
        decision = self.decide(self.file, upload)
        assert decision.refusal in {None, "too_many_conflicts"}, decision
        if decision.refusal:
            raise OverflowError
        version = decision.known or self._version(
            upload.parent_id, upload.content_id, upload.size_bytes, is_unresolved=decision.is_unresolved
        )
        assert version.content_id == upload.content_id
        if not decision.known:
            self._keep(version)
        assert self.file is not None
        assert decision.is_conflict == is_behind
        if is_behind:
            assert self.file.current_id == current_id
            if not decision.known:
                self.unsettled.add(version.id)
            raise Conflict(self.file.current, version)
        return self.file.current

    def delete(self) -> None:
        """Let the file be gone."""
        if self.file and self.file.current.content_id is not None:
            self._keep(self._version(self.file.current_id, None, 0, is_unresolved=False))

    def choose(self, version_id: UUID, seen: frozenset[UUID] | None = None) -> None:
        """Let a version be the current one; what was not seen is not settled."""
        assert self.file is not None
        done = domain.settled(self.file, version_id, seen)
        versions = tuple(
            msgspec.structs.replace(one, is_unresolved=one.is_unresolved and one.id not in done)
            for one in self.file.versions
        )
        self.file = File(current_id=version_id, versions=versions)
        self.unsettled -= done

    def check(self) -> None:
        """Require that every version that was ever kept is there, but for those that the rule took."""
        assert self.file is not None or not self.kept
        there = {one.id for one in self.file.versions} if self.file else set()
        assert self.kept == there | self.pruned
        assert not there & self.pruned
        assert self.unsettled <= there

    def _is_behind(self, upload: Upload) -> bool:
        """Return whether another device has changed or made the file since this one took it, and to something else."""
        if self.file is None or self.file.current.content_id == upload.content_id:
            return False
        if upload.parent_id is None:
            return self.file.current.content_id is not None
        return upload.parent_id != self.file.current_id

    def _version(
        self, parent_id: UUID | None, content_id: str | None, size_bytes: int, *, is_unresolved: bool
    ) -> Version:
        self._made += 1
        return Version(
            id=UUID(int=self._made),
            parent_id=parent_id,
            content_id=content_id,
            size_bytes=size_bytes,
            is_unresolved=is_unresolved,
        )

    def _keep(self, version: Version) -> None:
        before = self.file.versions if self.file else ()
        current_id = self.file.current_id if self.file and version.is_unresolved else version.id
        file = File(current_id=current_id, versions=(*before, version))
        gone = set(domain.pruned(file, self.history_max))
        for one in file.versions:
            assert one.id not in gone or not (one.is_unresolved or one.id == file.current_id)
        self.kept.add(version.id)
        self.pruned |= gone
        self.file = File(
            current_id=current_id, versions=tuple(one for one in file.versions if one.id not in gone)
        )


class Device:
    """A device with a copy of the file."""

    def __init__(self, server: Server, lot: random.Random, name: str) -> None:
        self._server, self._lot, self._name = server, lot, name
        self.content: str | None = None
        self.base_id: UUID | None = None
        self.is_dirty = False
        self.is_online = True
        self._edits = 0

    def edit(self) -> None:
        """Play on."""
        self._edits += 1
        self.content, self.is_dirty = f"{self._name}{self._edits}", True

    def sync(self, *, may_lose: bool = True) -> None:
        """Send what was changed, or take what is there. An answer may be lost: then the device knows nothing."""
        if not self.is_online:
            return
        is_lost = may_lose and self._lot.random() < 0.2
        if not self.is_dirty:
            self._take()
            return
        assert self.content is not None
        try:
            version = self._server.put(
                Upload(parent_id=self.base_id, content_id=self.content, size_bytes=100)
            )
        except Conflict as conflict:
            if not is_lost:
                self._yield_to(conflict.current, conflict.yours)
        except OverflowError:
            # Refused, and still here.
            assert self._server.file is not None
            self._server.choose(self._server.file.current_id)
        else:
            if not is_lost:
                self.base_id, self.is_dirty = version.id, False

    def _yield_to(self, current: Version, yours: Version) -> None:
        # Its content is safe there: it may be laid down here.
        assert yours.content_id == self.content
        assert yours.id in self._server.kept
        if self._lot.random() < 0.7:
            # Of what others have sent meanwhile nobody was asked.
            self._server.choose(self._lot.choice([current.id, yours.id]), frozenset({yours.id}))
        self._take()

    def _take(self) -> None:
        if self._server.file:
            current = self._server.file.current
            self.content, self.base_id, self.is_dirty = current.content_id, current.id, False


def run(seed: int, decide: Decide = domain.decide) -> int:
    """Run one order of things and return how many versions there were; `decide` is the rule under test."""
    lot = random.Random(seed)
    server = Server(lot.choice([2, 5, 20]), decide)
    devices = [Device(server, lot, f"{number}-") for number in range(DEVICES)]
    for _ in range(lot.randint(5, STEPS_MAX)):
        device = lot.choice(devices)
        step = lot.random()
        if step < 0.35:
            device.edit()
        elif step < 0.8:
            device.sync()
        elif step < 0.92:
            device.is_online = not device.is_online
        elif step < 0.95:
            server.delete()
        elif server.file:
            server.choose(lot.choice(server.file.versions).id)
        server.check()
    _come_together(server, devices)
    return len(server.kept)


def _come_together(server: Server, devices: list[Device]) -> None:
    for device in devices:
        device.is_online = True
        while device.is_dirty:
            device.sync(may_lose=False)
        server.check()
    if server.file:
        server.choose(server.file.current_id)
        assert not any(one.is_unresolved for one in server.file.versions)
    for device in devices:
        device.sync(may_lose=False)
    assert len({device.content for device in devices}) == 1


def main() -> None:
    """Run as many orders as the command line says."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    versions = sum(run(seed) for seed in range(runs))
    sys.stdout.write(f"{runs} orders, {versions} versions, 0 lost\n")


if __name__ == "__main__":
    main()
