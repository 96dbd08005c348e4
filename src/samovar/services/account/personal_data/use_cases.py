"""What one can do with one's personal data, and the saga that does it over all services."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import SamovarError
from samovar.kit.ids import IdSource
from samovar.services.account.activity.journal import Journal
from samovar.services.account.contract.events import AccountErased, ProfileChanged
from samovar.services.account.holdings import ERASED_NAME
from samovar.services.account.personal_data import archive, domain, repository
from samovar.services.account.personal_data.adapters import TIMEOUT_S, Services
from samovar.services.account.personal_data.domain import Kind
from samovar.services.account.personal_data.errors import (
    ErasureNotPending,
    ExportNotReady,
    LinkInvalid,
    RequestUnknown,
)
from samovar.services.account.personal_data.letters import Letters
from samovar.services.account.personal_data.links import Links
from samovar.services.account.personal_data.repository import Reached, Request, StepToDo
from samovar.services.account.personal_data.schemas import DataRequest, Link, Step
from samovar.services.account.profiles.domain import avatar_url

STEPS_AT_ONCE = 6
REQUESTS_AT_ONCE = 20
# Longer than a call may take: nobody else asks the same meanwhile.
LEASE = timedelta(seconds=2 * TIMEOUT_S)
ERROR_LENGTH_MAX = 200
log = structlog.get_logger(__name__)


class Requests:
    """What people ask for."""

    def __init__(
        self,
        database: Database,
        *,
        services: Sequence[str],
        grace: timedelta,
        links: Links,
        letters: Letters,
        journal: Journal,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._journal = journal
        self._database = database
        self._services = services
        self._grace = grace
        self._links = links
        self._letters = letters
        self._clock = clock
        self._new_id = new_id

    async def ask_for_export(self, account_id: UUID) -> DataRequest:
        """Begin to gather a person's data; an export of the last day, or one under way, is the answer to another wish."""
        now = self._clock.now()
        last = await repository.find_last(self._database, account_id, "export")
        if last and last.state in {"running", "done"} and now - last.requested_at < domain.EXPORT_PAUSE:
            return await self.show(account_id, "export")
        async with self._database.transaction() as tx:
            await self._insert(tx, account_id, "export", begins_at=now, now=now)
        return await self.show(account_id, "export")

    async def ask_for_erasure(self, account_id: UUID) -> DataRequest:
        """Let an account be erased after the time for second thoughts; one that waits already is the answer."""
        now = self._clock.now()
        begins_at = now + self._grace
        async with self._database.transaction() as tx:
            if await self._insert(tx, account_id, "erasure", begins_at=begins_at, now=now):
                reached = await repository.find_reached(tx, account_id)
                await self._letters.send(tx, reached, "erasure_requested", now, day=begins_at)
        return await self.show(account_id, "erasure")

    async def keep_account(self, account_id: UUID) -> None:
        """Call an erasure off.

        Raises:
            ErasureNotPending: None waits.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            if not await self._cancel(tx, account_id, now, now):
                raise ErasureNotPending

    async def keep_account_signed_in(self, tx: Transaction, account_id: UUID, signed_in_at: datetime) -> None:
        """Call an erasure off because the person has signed in since they asked for it."""
        await self._cancel(tx, account_id, signed_in_at, self._clock.now())

    async def show(self, account_id: UUID, kind: Kind) -> DataRequest:
        """Return the latest wish of a kind.

        Raises:
            RequestUnknown: There is none.
        """
        request = await repository.find_last(self._database, account_id, kind)
        if request is None:
            raise RequestUnknown
        steps = await repository.list_steps(self._database, request.id)
        return DataRequest(
            id=request.id,
            kind=request.kind,
            state=request.state,
            requested_at=request.requested_at,
            begins_at=request.begins_at,
            finished_at=request.finished_at,
            expires_at=request.expires_at,
            steps=tuple(
                Step(
                    service=step.service,
                    is_done=step.done_at is not None,
                    receipt=step.receipt,
                    done_at=step.done_at,
                )
                for step in steps
            ),
        )

    async def make_link(self, account_id: UUID) -> Link:
        """Return a link to the export.

        Raises:
            RequestUnknown: None was asked for.
            ExportNotReady: It is not there yet, or no more.
        """
        request = await repository.find_last(self._database, account_id, "export")
        if request is None:
            raise RequestUnknown
        now = self._clock.now()
        if request.state != "done" or request.expires_at is None or request.expires_at <= now:
            raise ExportNotReady
        return self._links.make(request.id, now)

    async def download(self, request_id: UUID, expires_at: int, signature: str) -> bytes:
        """Return an export to whoever holds a link to it.

        Raises:
            LinkInvalid: The link is forged or too old, or the export is gone.
        """
        now = self._clock.now()
        self._links.check(request_id, expires_at, signature, now)
        found = await repository.find_archive(self._database, request_id, now)
        if found is None:
            raise LinkInvalid
        return found

    async def _insert(
        self, tx: Transaction, account_id: UUID, kind: Kind, *, begins_at: datetime, now: datetime
    ) -> bool:
        request = Request(
            id=self._new_id(),
            account_id=account_id,
            kind=kind,
            state="running" if kind == "export" else "waiting",
            begins_at=begins_at,
            addresses=tuple(await repository.list_addresses(tx, account_id)),
            requested_at=now,
            finished_at=None,
            expires_at=None,
        )
        if not await repository.insert_request(tx, request):
            return False
        await self._journal.note(tx, account_id, f"{kind}_requested")
        ranks = {service: domain.rank_of(kind, service) for service in self._services}
        await repository.insert_steps(tx, request.id, ranks, begins_at)
        return True

    async def _cancel(self, tx: Transaction, account_id: UUID, before: datetime, now: datetime) -> bool:
        if not await repository.cancel_erasure(tx, account_id, before, now):
            return False
        reached = await repository.find_reached(tx, account_id)
        await self._letters.send(tx, reached, "erasure_canceled", now)
        await self._journal.note(tx, account_id, "erasure_canceled")
        return True


class Saga:
    """What carries wishes out: each step durable, each may be done twice."""

    def __init__(self, database: Database, *, services: Services, letters: Letters, clock: Clock) -> None:
        self._database = database
        self._services = services
        self._letters = letters
        self._clock = clock

    async def go_on(self) -> None:
        """Do what is due: begin, ask services, finish, until nothing more can be done now."""
        async with self._database.transaction() as tx:
            await repository.begin_due(tx, self._clock.now(), REQUESTS_AT_ONCE)
        while steps := await self._claim():
            async with asyncio.TaskGroup() as asked:
                for step in steps:
                    asked.create_task(self._do(step))
        for request in await repository.list_whole(self._database, REQUESTS_AT_ONCE):
            await self._finish(request)

    async def expire(self) -> None:
        """Delete exports whose time is over."""
        async with self._database.transaction() as tx:
            await repository.expire_archives(tx, self._clock.now())

    async def _claim(self) -> list[StepToDo]:
        async with self._database.transaction() as tx:
            return await repository.claim_steps(tx, self._clock.now(), LEASE, STEPS_AT_ONCE)

    async def _do(self, step: StepToDo) -> None:
        """Ask one service, and note the answer."""
        document: bytes | None = None
        try:
            if step.kind == "export":
                document, receipt = await self._services.export(step.service, step.account_id, step.addresses)
            else:
                receipt = await self._services.erase(step.service, step.account_id, step.addresses)
        except SamovarError as error:
            log.warning(
                "a service has not done its part",
                request=str(step.request_id),
                peer=step.service,
                kind=step.kind,
                error=str(error),
            )
            until = self._clock.now() + timedelta(seconds=domain.pause_s(step.attempts))
            async with self._database.transaction() as tx:
                await repository.postpone_step(tx, step, str(error)[:ERROR_LENGTH_MAX], until)
            return
        async with self._database.transaction() as tx:
            await repository.finish_step(tx, step, receipt, document, self._clock.now())

    async def _finish(self, request: Request) -> None:
        now = self._clock.now()
        if request.kind == "export":
            documents = await repository.list_documents(self._database, request.id)
            picture = await repository.find_picture(self._database, request.account_id)
            packed = await archive.packed(
                request.account_id,
                {one.service: one.document for one in documents},
                {one.service: one.receipt for one in documents},
                picture=picture,
                requested_at=request.requested_at,
                made_at=now,
            )
            expires_at = now + domain.EXPORT_KEPT
            async with self._database.transaction() as tx:
                if await repository.finish_request(
                    tx, request.id, now, archive=packed, expires_at=expires_at
                ):
                    reached = await repository.find_reached(tx, request.account_id)
                    await self._letters.send(tx, reached, "export_ready", now, day=expires_at)
            return
        async with self._database.transaction() as tx:
            if await repository.finish_request(tx, request.id, now, archive=None, expires_at=None):
                await self._tell(tx, request.account_id, now)
                email = next((one for one in request.addresses if "@" in one), None)
                language = (await repository.find_reached(tx, request.account_id)).language
                await self._letters.send(tx, Reached(email, language), "erased", now)
        log.info("a person was erased", request=str(request.id))

    async def _tell(self, tx: Transaction, account_id: UUID, now: datetime) -> None:
        """Tell the others, also those that know no more of accounts than how they look."""
        version = await repository.bump_profile(tx, account_id)
        if version is not None:
            await tx.publish(
                ProfileChanged(
                    account_id=account_id,
                    display_name=ERASED_NAME,
                    avatar_url=avatar_url(account_id, None),
                    version=version,
                    changed_at=now,
                )
            )
        await tx.publish(AccountErased(account_id=account_id, erased_at=now))
