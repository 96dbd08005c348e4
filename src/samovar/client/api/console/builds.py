"""Builds of an app, and the branches that give them to players."""

from datetime import datetime
from typing import Any

import msgspec

from samovar.client.api.calls import Calls, path

MAIN = "main"


class Build(msgspec.Struct, frozen=True):
    """A build; `state` is `uploading`, `ready` or `dropped`, its number comes when it is complete."""

    id: str
    state: str
    made_at: datetime
    note: str = ""
    number: int | None = None
    size_bytes: int | None = None
    files: int | None = None
    committed_at: datetime | None = None


class Builds(msgspec.Struct, frozen=True):
    """A page of builds, the newest first."""

    items: list[Build] = []
    next_cursor: str | None = None


class Branch(msgspec.Struct, frozen=True):
    """What players of a branch get."""

    name: str
    build_id: str
    percent: int
    is_stopped: bool
    has_password: bool
    changed_at: datetime
    previous_build_id: str | None = None


class BranchVersion(msgspec.Struct, frozen=True):
    """What a branch gave from a moment on."""

    sequence: int
    build_id: str
    percent: int
    is_stopped: bool
    changed_at: datetime
    note: str = ""


class BranchVersions(msgspec.Struct, frozen=True):
    """A page of them, the newest first."""

    items: list[BranchVersion] = []


class ChangedFile(msgspec.Struct, frozen=True):
    """A file of an update, and what has to be fetched for it, before compression."""

    path: str
    new_bytes: int = 0


class UpdatePreview(msgspec.Struct, frozen=True):
    """What an update would cost players."""

    download_bytes: int
    writes_bytes: int
    disk_bytes_peak: int
    requests: int
    from_build_id: str | None = None
    largest: list[ChangedFile] = []


class AppBuilds:
    """Calls of download about one app."""

    def __init__(self, calls: Calls, app_id: str) -> None:
        self._calls = calls
        self._app_id = app_id

    async def builds(self, *, cursor: str | None = None) -> Builds:
        """Return builds, the newest first."""
        query = {"limit": "24"} | ({"cursor": cursor} if cursor else {})
        return await self._calls.get(Builds, path("/v1/dev/apps/{id}/builds", id=self._app_id), query)

    async def branches(self) -> list[Branch]:
        """Return the branches by name."""
        return await self._calls.get(list[Branch], path("/v1/dev/apps/{id}/branches", id=self._app_id))

    async def history(self, name: str) -> list[BranchVersion]:
        """Return what a branch was, the newest first."""
        return (await self._calls.get(BranchVersions, f"{self._branch(name)}/history", {"limit": "10"})).items

    async def change(self, name: str, change: dict[str, Any]) -> Branch:
        """Let a branch give a build."""
        return (await self._calls.send("PUT", self._branch(name), change)).read(Branch)

    async def delete(self, name: str) -> None:
        """Delete a branch."""
        await self._calls.send("DELETE", self._branch(name))

    async def preview(self, build_id: str, from_build_id: str | None) -> UpdatePreview:
        """Return what an update would cost players; without a build to come from, a first install."""
        query = {"from_build_id": from_build_id} if from_build_id else {}
        return await self._calls.get(UpdatePreview, path("/v1/dev/builds/{id}/preview", id=build_id), query)

    def _branch(self, name: str) -> str:
        return path("/v1/dev/apps/{id}/branches/{name}", id=self._app_id, name=name)
