"""Branches: set, rolled out, stopped, rolled back; what an update would cost before it goes live."""

import asyncio
from collections.abc import Callable
from uuid import UUID

from msgspec import UNSET

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError
from samovar.kit.identity import Caller
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.download import repository as builds
from samovar.services.download.adapters import Apps
from samovar.services.download.branches import domain, repository
from samovar.services.download.branches.choosing import chosen_of
from samovar.services.download.branches.domain import MAIN
from samovar.services.download.branches.repository import Given
from samovar.services.download.branches.schemas import (
    Branch,
    BranchChange,
    BranchVersion,
    OfferedBranch,
    UpdatePreview,
    VersionKey,
)
from samovar.services.download.contract.events import BranchChanged
from samovar.services.download.errors import (
    AppNotFound,
    BranchKept,
    BranchNotFound,
    BuildNotFound,
    BuildUnfit,
    TooManyBranches,
)
from samovar.services.download.plans.planning import Planner
from samovar.services.download.repository import ReadyBuild
from samovar.services.download.rights import PUSH, READ, Rights

BRANCHES_MAX = 50


class Branches:
    """The branches of apps."""

    def __init__(
        self,
        database: Database,
        *,
        apps: Apps,
        rights: Rights,
        planner: Planner,
        clock: Clock,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._apps = apps
        self._rights = rights
        self._planner = planner
        self._clock = clock
        self._random_bytes = random_bytes

    async def list_branches(self, caller: Caller, app_id: UUID) -> list[Branch]:
        """Return the branches of an app.

        Raises:
            AppNotFound: There is no such app, or it is not the caller's to see.
            CatalogAway: Catalog does not answer.
        """
        await self._require(caller, app_id, READ)
        return await repository.list_of(self._database, app_id, BRANCHES_MAX)

    async def history(
        self, caller: Caller, app_id: UUID, name: str, *, cursor: str | None, limit: int
    ) -> Page[BranchVersion]:
        """Return what a branch was, the newest first.

        Raises:
            AppNotFound: As `list_branches`, and so is `CatalogAway`.
            InvalidInput: The cursor is not one of this list.
        """
        await self._require(caller, app_id, READ)
        after = decode_cursor(cursor, VersionKey)
        rows = await repository.versions(self._database, app_id, name, after, limit + 1)
        return page_of(rows, limit, lambda row: VersionKey(row.sequence))

    async def change(self, caller: Caller, app_id: UUID, name: str, wanted: BranchChange) -> Branch:
        """Let a branch give a build. The same once more changes nothing.

        Raises:
            AppNotFound: As `list_branches`, and so is `CatalogAway`.
            BranchKept: The main branch has no password.
            BuildUnfit: The build is not of this app, or not complete.
            TooManyBranches: The app has as many as it may have.
        """
        await self._require(caller, app_id, PUSH)
        if name == MAIN and wanted.password is not UNSET and wanted.password is not None:
            raise BranchKept(name)
        kept = None
        if isinstance(wanted.password, str):
            salt = self._random_bytes(domain.SALT_BYTES)
            kept = await asyncio.to_thread(domain.hash_password, wanted.password, salt)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await repository.lock(tx, app_id)
            build = (await builds.find_ready(tx, [wanted.build_id])).get(wanted.build_id)
            if build is None or build.app_id != app_id:
                fault = FieldError("build_id", "not_offered", "no complete build of this app")
                raise BuildUnfit(f"{wanted.build_id}", fields=[fault])
            before = await repository.find(tx, app_id, name)
            if before is None and await repository.count(tx, app_id) >= BRANCHES_MAX:
                raise TooManyBranches(limit=BRANCHES_MAX)
            given = Given(
                app_id=app_id,
                name=name,
                build_id=build.id,
                previous_build_id=_previous(before, wanted),
                percent=wanted.percent,
                is_stopped=wanted.is_stopped,
                password=kept if wanted.password is not UNSET else before.password if before else None,
                sequence=1 + await repository.last_sequence(tx, app_id, name),
                changed_at=now,
            )
            if before is not None and wanted.password is UNSET and _is_same(before, given):
                return await repository.show(tx, app_id, name)
            branch = await repository.write(tx, given, account_id=caller.account_id, note=wanted.note)
            await tx.publish(
                BranchChanged(
                    app_id=app_id,
                    branch=name,
                    sequence=given.sequence,
                    build_id=given.build_id,
                    percent=given.percent,
                    is_public=given.password is None,
                    changed_at=now,
                )
            )
        return branch

    async def delete(self, caller: Caller, app_id: UUID, name: str) -> None:
        """Delete a branch; who is on it gets no more updates.

        Raises:
            AppNotFound: As `list_branches`, and so is `CatalogAway`.
            BranchKept: It is the main one.
            BranchNotFound: There is none.
        """
        await self._require(caller, app_id, PUSH)
        if name == MAIN:
            raise BranchKept(name)
        async with self._database.transaction() as tx:
            await repository.lock(tx, app_id)
            if not await repository.delete(tx, app_id, name):
                raise BranchNotFound(name)
            sequence = await repository.last_sequence(tx, app_id, name)
            await tx.publish(
                BranchChanged(
                    app_id=app_id,
                    branch=name,
                    sequence=sequence,
                    build_id=None,
                    percent=0,
                    is_public=False,
                    changed_at=self._clock.now(),
                )
            )

    async def preview(self, caller: Caller, build_id: UUID, from_build_id: UUID | None) -> UpdatePreview:
        """Return what an update to a build would cost players who have another one, or nothing.

        Raises:
            BuildNotFound: One of them is none, is not complete, or not the caller's to see; or they are of different apps.
            PlannerBusy: Too many plans are being made.
            StoreAway: The store does not answer.
        """
        wanted = [build_id, *([from_build_id] if from_build_id else [])]
        found = await builds.find_ready(self._database, wanted)
        build = found.get(build_id)
        old = found.get(from_build_id) if from_build_id else None
        if build is None or (from_build_id and (old is None or old.app_id != build.app_id)):
            raise BuildNotFound(f"{wanted}")
        if not self._may(caller, READ, build.organisation_id, build.app_id):
            raise BuildNotFound(f"{build_id}")
        plan = await self._planner.plan(old, build)
        return UpdatePreview(
            from_build_id=from_build_id,
            build_id=build_id,
            download_bytes=plan.fetches_bytes,
            writes_bytes=plan.writes_bytes,
            disk_bytes_peak=plan.peak_bytes,
            requests=plan.requests,
            largest=plan.largest,
        )

    async def offered(self, caller: Caller, app_id: UUID) -> list[OfferedBranch]:
        """Return the branches that players may choose from; with a password those, too, so that who has it finds them."""
        given = await repository.list_given(self._database, app_id, BRANCHES_MAX)
        chosen = {one.name: chosen_of(one, caller.account_id, None) for one in given}
        found: dict[UUID, ReadyBuild] = await builds.find_ready(self._database, list(chosen.values()))
        return [
            OfferedBranch(
                name=one.name,
                build_id=chosen[one.name],
                number=found[chosen[one.name]].number,
                size_bytes=found[chosen[one.name]].size_bytes,
                has_password=one.password is not None,
                changed_at=one.changed_at,
            )
            for one in given
            if chosen[one.name] in found
        ]

    async def _require(self, caller: Caller, app_id: UUID, permission: str) -> None:
        app = await self._apps.find(app_id)
        if app.organisation_id is None or not self._may(caller, permission, app.organisation_id, app_id):
            raise AppNotFound(f"{app_id}")

    def _may(self, caller: Caller, permission: str, organisation_id: UUID, app_id: UUID) -> bool:
        levels = ("owner", "editor", "viewer") if permission == READ else ("owner", "editor")
        return self._rights.allow(caller, permission, *levels, organisation_id=organisation_id, app_id=app_id)


def _previous(before: Given | None, wanted: BranchChange) -> UUID | None:
    """Return what those get who are not in the rollout: the last build that the branch gave to all, never one that was itself rolled out."""
    if before is None or (wanted.percent == 100 and not wanted.is_stopped):  # noqa: PLR2004  all of them
        return None
    if before.previous_build_id is not None:
        return before.previous_build_id
    return before.build_id if before.build_id != wanted.build_id else None


def _is_same(before: Given, given: Given) -> bool:
    return (before.build_id, before.percent, before.is_stopped) == (
        given.build_id,
        given.percent,
        given.is_stopped,
    )
