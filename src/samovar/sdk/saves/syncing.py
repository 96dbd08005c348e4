"""Cloud saves: a folder that is the same on all devices of a player, with every conflict kept and shown.

A sync does what `rules` says, file by file, and notes each step durably before the next one: killed or cut off anywhere, the
next sync goes on. A file that cannot be synced keeps no other one waiting.
"""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec

from samovar.sdk.api import Api
from samovar.sdk.errors import Offline, Refused
from samovar.sdk.saves.folder import Changed, SavesFolder, content_id
from samovar.sdk.saves.rules import Decision, Remote, decide, is_safe, surviving
from samovar.sdk.state import KnownSave, SaveIndex, State

PAGE = 100
PAGES_MAX = 50
_NOT_FOUND, _PRECONDITION_FAILED = 404, 412


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """A save that went apart: somebody must choose.

    Attributes:
        ours: The version of this device, which also lies in its folder.
        theirs: The version that other devices get.
    """

    path: str
    ours: str
    theirs: str


class Report(msgspec.Struct, kw_only=True):
    """What came of a sync; paths with `:` between folders.

    Attributes:
        shrunk: Files that are ten times smaller than in the cloud, which may be a mistake: sync them as `confirmed`, or `restore` them.
        problems: Why a file is not in the cloud: the platform's code, `too_large_or_misnamed`, or `changed` while it was synced.
    """

    uploaded: list[str] = []
    downloaded: list[str] = []
    deleted: list[str] = []
    conflicts: list[Conflict] = []
    shrunk: list[str] = []
    problems: dict[str, str] = {}


class _Version(msgspec.Struct, frozen=True):
    version_id: str
    content_id: str | None


class _File(msgspec.Struct, frozen=True):
    path: str
    current: _Version
    unresolved: list[str]


class _Page(msgspec.Struct, frozen=True):
    items: list[_File]
    next_cursor: str | None = None


class CloudSaves:
    """The saves of one game on one device.

    Args:
        api: The platform.
        state: Where is noted what this device knows.
        folder: Where the game keeps its saves.
        game_id: The game.
        device_id: This machine.
    """

    def __init__(self, api: Api, state: State, folder: SavesFolder, *, game_id: UUID, device_id: str) -> None:
        self._api = api
        self._index = SaveIndex(state)
        self._folder = folder
        self._path = f"/v1/library/{game_id}/saves"
        self._device_id = device_id
        self._turn = asyncio.Lock()

    async def sync(self, *, confirmed: Collection[str] = ()) -> Report:
        """Bring folder and cloud together.

        Args:
            confirmed: Files that are meant to be so small.

        Raises:
            Offline: The platform does not answer; what was done is done, the rest comes next time.
            SignInNeeded: It does not know the player.
        """
        async with self._turn:
            report = Report()
            there = await self._list()
            here, odd = await asyncio.to_thread(self._folder.scan)
            report.problems.update(dict.fromkeys(odd, "too_large_or_misnamed"))
            known = surviving(here, self._index.all())
            for path in sorted({*here, *known, *there}):
                decision = decide(here.get(path), known.get(path), there.get(path))
                try:
                    await self._step(
                        decision,
                        path,
                        here.get(path),
                        there.get(path),
                        report,
                        is_confirmed=path in confirmed,
                    )
                except Refused as refused:
                    self._explain(report, path, refused)
                except Changed:
                    report.problems[path] = "changed"
            return report

    async def choose(self, path: str, version_id: str) -> None:
        """Settle a conflict, or restore an older version: this version is what all devices get, and what lies here.

        What lies here and nowhere else goes up first, so that it stays in the history.

        Raises:
            Offline: The platform does not answer.
            Refused: It knows no such version.
            SignInNeeded: It does not know the player.
        """
        async with self._turn:
            known = self._index.all().get(path)
            content = await asyncio.to_thread(self._folder.read, path)
            seen = None if content is None else content_id(content)
            if content is not None and (known is None or known.content_id != seen):
                await self._keep_aside(path, content, known)
            answer = await self._api.call(
                "PUT", f"{self._url(path)}/current", json={"version_id": version_id}
            )
            chosen = answer.read(_Version)
            await self._fetch(path, chosen, seen)

    async def restore(self, path: str) -> None:
        """Take what the cloud has in place of what lies here, which goes up as a version first.

        Raises:
            Offline: The platform does not answer.
            Refused: The cloud has no such file.
            SignInNeeded: It does not know the player.
        """
        current = (await self._list()).get(path)
        if current is None:
            raise Refused(_NOT_FOUND, {"code": "library.save_not_found"})
        await self.choose(path, current.version_id)

    async def versions(self, path: str) -> list[dict[str, Any]]:
        """Return the newest versions of a file, as the platform shows them.

        Raises:
            Offline: The platform does not answer.
            Refused: There is no such file.
            SignInNeeded: It does not know the player.
        """
        answer = await self._api.call("GET", f"{self._url(path)}/versions", query={"limit": str(PAGE)})
        items: list[dict[str, Any]] = answer.read(dict[str, Any])["items"]
        return items

    async def _step(
        self,
        decision: Decision,
        path: str,
        here: str | None,
        there: Remote | None,
        report: Report,
        *,
        is_confirmed: bool,
    ) -> None:
        known = self._index.all().get(path) if decision.step == "ask" else None
        if decision.step == "forget":
            self._index.drop(path)
        elif decision.step == "upload":
            content = await asyncio.to_thread(self._folder.read, path)
            if content is None:
                raise Changed(path)
            conflict = await self._put(path, content, decision.parent_id, is_confirmed=is_confirmed)
            report.uploaded.append(path)
            report.conflicts += [conflict] if conflict else []
        elif there is None:
            return
        elif decision.step == "ask" and known:
            report.conflicts.append(Conflict(path=path, ours=known.version_id, theirs=there.version_id))
        elif decision.step == "note":
            self._index.put(KnownSave(path=path, version_id=there.version_id, content_id=there.content_id))
        elif decision.step == "download":
            await self._fetch(path, _Version(there.version_id, there.content_id), here)
            report.downloaded.append(path)
        elif decision.step == "delete_here":
            await asyncio.to_thread(self._folder.delete, path, seen=here)
            self._index.put(KnownSave(path=path, version_id=there.version_id, content_id=None))
            report.deleted.append(path)
        elif decision.step == "delete_there":
            await self._delete_there(path, there)
            report.deleted.append(path)

    async def _list(self) -> dict[str, Remote]:
        found: dict[str, Remote] = {}
        query = {"limit": str(PAGE)}
        for _ in range(PAGES_MAX):
            page = (await self._api.call("GET", self._path, query=query)).read(_Page)
            for file in page.items:
                if is_safe(file.path):
                    found[file.path] = Remote(
                        version_id=file.current.version_id,
                        content_id=file.current.content_id,
                        unresolved=tuple(file.unresolved),
                    )
            if page.next_cursor is None:
                return found
            query["cursor"] = page.next_cursor
        raise Offline("the list of saves does not end")

    async def _put(
        self, path: str, content: bytes, parent_id: str | None, *, is_confirmed: bool
    ) -> Conflict | None:
        """Send a file; return the conflict that it is a side of."""
        query = {"device_id": self._device_id} | ({"confirm": "true"} if is_confirmed else {})
        headers = {"If-Match": f'"{parent_id}"'} if parent_id else {"If-None-Match": "*"}
        sent = content_id(content)
        try:
            answer = await self._api.call("PUT", self._url(path), query=query, data=content, headers=headers)
        except Refused as refused:
            ours = refused.problem.get("yours")
            if refused.status != _PRECONDITION_FAILED or not ours:
                raise
            self._index.put(KnownSave(path=path, version_id=ours, content_id=sent, is_conflict=True))
            return Conflict(path=path, ours=ours, theirs=str(refused.problem.get("current")))
        kept = answer.read(_Version)
        self._index.put(KnownSave(path=path, version_id=kept.version_id, content_id=sent))
        return None

    async def _keep_aside(self, path: str, content: bytes, known: KnownSave | None) -> None:
        """Let what lies here be a version, whether it becomes the current one or a side."""
        await self._put(path, content, known.version_id if known else None, is_confirmed=True)

    async def _fetch(self, path: str, version: _Version, seen: str | None) -> None:
        """Bring a version into the folder, in place of what was seen there."""
        if version.content_id is None:
            await asyncio.to_thread(self._folder.delete, path, seen=seen)
        elif version.content_id != seen:
            answer = await self._api.call("GET", self._url(path), query={"version_id": version.version_id})
            if content_id(answer.body) != version.content_id:
                raise Offline(f"{path} came in another form")
            await asyncio.to_thread(self._folder.write, path, answer.body, seen=seen)
        self._index.put(KnownSave(path=path, version_id=version.version_id, content_id=version.content_id))

    async def _delete_there(self, path: str, there: Remote) -> None:
        try:
            await self._api.call(
                "DELETE",
                self._url(path),
                query={"device_id": self._device_id},
                headers={"If-Match": f'"{there.version_id}"'},
            )
        except Refused as refused:
            # Another device has written it since: the next sync brings that.
            if refused.status not in {_NOT_FOUND, _PRECONDITION_FAILED}:
                raise
        self._index.drop(path)

    def _url(self, path: str) -> str:
        return f"{self._path}/{quote(path, safe='')}"

    def _explain(self, report: Report, path: str, refused: Refused) -> None:
        if refused.code == "library.save_shrunk":
            report.shrunk.append(path)
        else:
            report.problems[path] = refused.code


def summary(report: Report) -> Mapping[str, int]:
    """Return how many files each part of a report names, for a line of log."""
    return {name: len(getattr(report, name)) for name in Report.__struct_fields__}
