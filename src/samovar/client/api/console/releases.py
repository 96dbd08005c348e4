"""From a draft to the store: submitting, what the moderators say, releasing."""

from datetime import datetime

import msgspec

from samovar.client.api.calls import Calls, path


class Submission(msgspec.Struct, frozen=True):
    """A draft that its developer wants to see in the store.

    `state` is `submitted`, `approved`, `changes_requested`, `refused`, `withdrawn`, `releasing`, `released` or `outdated`.
    """

    id: str
    state: str
    made_at: datetime
    draft_version: int = 0
    note: str = ""
    decided_at: datetime | None = None
    reason: str | None = None
    release_at: datetime | None = None
    failure: str | None = None
    ended_at: datetime | None = None


class Submissions(msgspec.Struct, frozen=True):
    """A page of them, the newest first."""

    items: list[Submission] = []


class Releases:
    """Calls of developer about submissions of one app."""

    def __init__(self, calls: Calls, app_id: str) -> None:
        self._calls = calls
        self._app_id = app_id

    async def list(self) -> Submissions:
        """Return what was submitted, the newest first."""
        return await self._calls.get(Submissions, self._at("submissions"), {"limit": "20"})

    async def submit(self, *, note: str, draft_version: int) -> Submission:
        """Submit the draft that was looked at."""
        body = {"note": note, "draft_version": draft_version}
        return (await self._calls.send("POST", self._at("submit"), body)).read(Submission)

    async def withdraw(self) -> None:
        """Take the open submission back."""
        await self._calls.send("DELETE", self._at("submission"))

    async def release(self, moment: datetime | None) -> Submission:
        """Let what was approved go to the store, now or at a moment."""
        body = {"at": moment.isoformat()} if moment else {}
        return (await self._calls.send("POST", self._at("release"), body)).read(Submission)

    def _at(self, what: str) -> str:
        return path("/v1/dev/apps/{id}/{what}", id=self._app_id, what=what)
