"""Downloads: who may have which build, how the device gets there, and where it stands in its queue."""

from typing import NamedTuple
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from samovar.content.format.manifest import ED25519, key_id
from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.download import repository as builds
from samovar.services.download.adapters import App, Apps, Licences
from samovar.services.download.branches.choosing import Chooser
from samovar.services.download.errors import (
    BranchNotFound,
    BuildNotFound,
    DownloadNotFound,
    NotOut,
    NotOwned,
    TooManyDownloads,
)
from samovar.services.download.files.tickets import Tickets
from samovar.services.download.keys.trusted import introductions, verifying
from samovar.services.download.plans.planning import Planner
from samovar.services.download.plans.schemas import PlanFigures
from samovar.services.download.queue import repository
from samovar.services.download.queue.schemas import (
    DeviceLimit,
    Download,
    DownloadChange,
    DownloadOrder,
    PublicBuild,
    PublicKey,
    QueueKey,
    TicketedDownload,
)
from samovar.services.download.queue.sources import sources
from samovar.services.download.repository import ReadyBuild
from samovar.services.download.rights import READ, Rights
from samovar.services.download.settings import Mirror
from samovar.services.download.signing import Platform

DOWNLOADS_MAX = 500


class _Way(NamedTuple):
    old: ReadyBuild | None
    new: ReadyBuild
    sequence: int
    plan: PlanFigures


class Queue:
    """The queues of devices.

    Args:
        mirrors: Where contents can be had beside the platform's own origin.
    """

    def __init__(
        self,
        database: Database,
        *,
        apps: Apps,
        licences: Licences,
        rights: Rights,
        chooser: Chooser,
        planner: Planner,
        platform: Platform,
        tickets: Tickets,
        mirrors: tuple[Mirror, ...],
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._apps = apps
        self._licences = licences
        self._rights = rights
        self._chooser = chooser
        self._planner = planner
        self._platform = platform
        self._tickets = tickets
        self._mirrors = mirrors
        self._clock = clock
        self._new_id = new_id

    async def order(self, caller: Caller, wanted: DownloadOrder) -> TicketedDownload:
        """Put a game into the queue of a device. Ordered again, the download there becomes the new one.

        Raises:
            AppNotFound: There is no such game.
            BranchNotFound: It has no such branch.
            BranchPasswordWrong: The branch has a password, and this is not it.
            CatalogAway: Catalog does not answer; so do `LibraryAway` and `StoreAway`.
            NotOut: It is bought, and not out yet.
            NotOwned: The caller has no licence.
            NothingToDownload: The game gives its players no build yet.
            PlannerBusy: Too many plans are being made.
            RateLimited: Too many passwords were tried.
            TooManyDownloads: The device has as many as it may have.
        """
        way = await self._way(caller, wanted)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await repository.lock_device(tx, caller.account_id, wanted.device_id)
            there = await repository.find_by_game(tx, caller.account_id, wanted.device_id, wanted.game_id)
            if (
                there is None
                and await repository.count(tx, caller.account_id, wanted.device_id) >= DOWNLOADS_MAX
            ):
                raise TooManyDownloads(limit=DOWNLOADS_MAX)
            kept = await repository.put(
                tx,
                caller.account_id,
                Download(
                    id=self._new_id(),
                    game_id=wanted.game_id,
                    device_id=wanted.device_id,
                    branch=wanted.branch,
                    build_id=way.new.id,
                    from_build=way.old.id if way.old else None,
                    state="queued",
                    position=0,
                    size_bytes=way.new.size_bytes,
                    download_bytes=way.plan.fetches_bytes,
                    done_bytes=0,
                    failure=None,
                    made_at=now,
                    changed_at=now,
                ),
            )
        return await self._with_ticket(kept, way, wanted.region)

    async def renew(
        self, caller: Caller, download_id: UUID, password: str | None, region: str | None
    ) -> TicketedDownload:
        """Give another ticket to a download, for the same build while that is still to be had.

        Raises:
            DownloadNotFound: There is none. All others as `order`.
        """
        kept = await self._find(caller, download_id)
        app = await self._admit(caller, kept.game_id)
        chosen = await self._chooser.choose(
            kept.game_id,
            kept.branch,
            password,
            account_id=caller.account_id,
            has_build_id=kept.build_id,
            is_developer=self._is_developer(caller, app),
        )
        # What has begun is brought to its end, also when the branch gives something newer by now.
        found = await builds.find_ready(
            self._database, [kept.build_id, *([kept.from_build] if kept.from_build else [])]
        )
        new = found.get(kept.build_id)
        if new is None:
            raise BuildNotFound(f"{kept.build_id}")
        old = found.get(kept.from_build) if kept.from_build else None
        plan = await self._planner.plan(old, new)
        return await self._with_ticket(kept, _Way(old, new, chosen.sequence, plan), region)

    async def page(
        self, caller: Caller, device_id: str | None, *, cursor: str | None, limit: int
    ) -> Page[Download]:
        """Return the downloads of the caller, or of one device, in their order.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, QueueKey)
        rows = await repository.list_of(self._database, caller.account_id, device_id, after, limit + 1)
        return page_of(rows, limit, lambda row: QueueKey(row.position, row.id))

    async def change(self, caller: Caller, download_id: UUID, wanted: DownloadChange) -> Download:
        """Write what a client says of a download.

        Raises:
            DownloadNotFound: There is none.
        """
        async with self._database.transaction() as tx:
            if wanted.position is not None and (
                there := await repository.find(tx, caller.account_id, download_id)
            ):
                await repository.lock_device(tx, caller.account_id, there.device_id)
                await repository.make_room(tx, caller.account_id, there, wanted.position)
            changed = await repository.change(tx, caller.account_id, download_id, wanted, self._clock.now())
        if changed is None:
            raise DownloadNotFound(f"{download_id}")
        return changed

    async def limit(self, caller: Caller, device_id: str, wanted: DeviceLimit) -> DeviceLimit:
        """Keep how fast a device of the caller may fetch; it obeys when it looks.

        Raises:
            DownloadNotFound: The device has no downloads.
        """
        async with self._database.transaction() as tx:
            if not await repository.count(tx, caller.account_id, device_id):
                raise DownloadNotFound(device_id)
            await repository.limit(tx, caller.account_id, device_id, wanted.bytes_per_s)
        return wanted

    async def delete(self, caller: Caller, download_id: UUID) -> None:
        """Take a download out of the queue.

        Raises:
            DownloadNotFound: There is none.
        """
        async with self._database.transaction() as tx:
            if not await repository.delete(tx, caller.account_id, download_id):
                raise DownloadNotFound(f"{download_id}")

    async def build(self, caller: Caller, build_id: UUID) -> PublicBuild:
        """Return a build of a game that the caller may download.

        Raises:
            BuildNotFound: There is none, or the caller may not download it. `CatalogAway` and `LibraryAway` as in `order`.
        """
        found = (await builds.find_ready(self._database, [build_id])).get(build_id)
        if found is None:
            raise BuildNotFound(f"{build_id}")
        try:
            await self._admit(caller, found.app_id)
        except (NotOwned, NotOut) as error:
            raise BuildNotFound(f"{build_id}: {error}") from error
        return PublicBuild(
            id=found.id, game_id=found.app_id, number=found.number, size_bytes=found.size_bytes
        )

    def platform_keys(self) -> list[PublicKey]:
        """Return the keys with which the platform signs."""
        return [_shown(key) for key in self._platform.public_keys.values()]

    async def _way(self, caller: Caller, wanted: DownloadOrder) -> _Way:
        app = await self._admit(caller, wanted.game_id)
        chosen = await self._chooser.choose(
            wanted.game_id,
            wanted.branch,
            wanted.branch_password,
            account_id=caller.account_id,
            has_build_id=wanted.from_build,
            is_developer=self._is_developer(caller, app),
        )
        found = await builds.find_ready(
            self._database, [chosen.build_id, *([wanted.from_build] if wanted.from_build else [])]
        )
        new = found.get(chosen.build_id)
        if new is None:
            raise BranchNotFound(f"{wanted.branch} gives {chosen.build_id}, which is gone")
        old = found.get(wanted.from_build) if wanted.from_build else None
        if old is not None and old.app_id != wanted.game_id:
            old = None
        return _Way(old, new, chosen.sequence, await self._planner.plan(old, new))

    async def _admit(self, caller: Caller, app_id: UUID) -> App:
        """Let through who may download an app: its developers, who has a licence, and everybody who wants a demo."""
        app = await self._apps.find(app_id)
        if self._is_developer(caller, app):
            return app
        if not (app.kind == "demo" and app.state == "published"):
            holding = await self._licences.check(caller.account_id, app_id)
            if holding == "none":
                raise NotOwned(f"{app_id}")
            if app.stage == "coming_soon" and holding != "granted":
                raise NotOut(f"{app_id}")
        return app

    def _is_developer(self, caller: Caller, app: App) -> bool:
        return app.organisation_id is not None and self._rights.allow(
            caller,
            READ,
            "owner",
            "editor",
            "viewer",
            organisation_id=app.organisation_id,
            app_id=app.id,
        )

    async def _find(self, caller: Caller, download_id: UUID) -> Download:
        found = await repository.find(self._database, caller.account_id, download_id)
        if found is None:
            raise DownloadNotFound(f"{download_id}")
        return found

    async def _with_ticket(self, kept: Download, way: _Way, region: str | None) -> TicketedDownload:
        now = self._clock.now()
        ticket = self._tickets.give(kept.game_id, now)
        developer_keys = await verifying(self._database, way.new.organisation_id, way.new.id)
        return TicketedDownload(
            **msgspec.structs.asdict(kept),
            plan_url=f"{ticket.base_path}plans/{way.plan.plan_id.hex()}",
            manifest_url=f"{ticket.base_path}manifests/{way.new.manifest_id.hex()}",
            content_base_url=ticket.base_path,
            expires_at=ticket.expires_at,
            disk_bytes_peak=way.plan.peak_bytes,
            release=self._platform.release(
                kept.game_id,
                kept.branch,
                way.new.manifest_id,
                way.sequence,
                now=int(now.timestamp()),
            ),
            platform_keys=self.platform_keys(),
            developer_keys=[_shown(Ed25519PublicKey.from_public_bytes(raw)) for raw in developer_keys],
            platform_introductions=self._platform.introductions(int(now.timestamp())),
            developer_introductions=await introductions(self._database, way.new.organisation_id),
            sources=sources(self._mirrors, ticket.base_path, region),
        )


def _shown(key: Ed25519PublicKey) -> PublicKey:
    return PublicKey(key_id=key_id(key).hex(), algorithm=ED25519, public_key=key.public_bytes_raw())
