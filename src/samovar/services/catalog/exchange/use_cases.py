"""Takes a catalogue file into the store, and gives one out."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from datetime import timedelta
from functools import partial
from typing import BinaryIO, Literal, Protocol, TypeVar
from uuid import UUID

import asyncpg
import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import Conflict, Internal, SamovarError
from samovar.kit.ids import IdSource
from samovar.services.catalog.exchange import faults, repository
from samovar.services.catalog.exchange.domain import (
    Counts,
    Position,
    Stage,
    record_of,
    slug_of,
)
from samovar.services.catalog.exchange.errors import FileRefused, ImportSuperseded
from samovar.services.catalog.exchange.exporting.everything import lines_of
from samovar.services.catalog.exchange.faults import FAULTS_KEPT_MAX, Fault
from samovar.services.catalog.exchange.keeping.keeper import Keeper
from samovar.services.catalog.exchange.keeping.pages import Outcome, Pictures
from samovar.services.catalog.exchange.reading import Source
from samovar.services.catalog.exchange.repository import ImportRow
from samovar.services.catalog.exchange.surveying import Batch, Numbered, Survey, batches, stages_in, survey

T = TypeVar("T")
Mode = Literal["steps", "whole", "check"]
ATTEMPTS_MAX = 20
RETRY_S = 0.2
KEPT = timedelta(days=30)
TOLD_EVERY = 1_000


class Progress(msgspec.Struct, frozen=True):
    """How far it is.

    Attributes:
        stage: What is being kept; none while the file is judged.
        done: Things so far: lines, and prices of packages besides.
        all: How many there are; 0 while that is not known.
        refused: Those that were refused so far.
    """

    stage: Stage | None
    done: int
    all: int
    refused: int


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an import.

    Attributes:
        lines: Those that are not empty.
        counts: What became of them, those before a break included; a package and its prices are two.
        faults: Of the lines that were refused, at most `FAULTS_KEPT_MAX`, in the order of the file.
        resumed_at: Where an earlier run had stopped, in lines.
        is_kept: Whether anything was written for good.
    """

    lines: int
    counts: Counts
    faults: list[Fault]
    resumed_at: int = 0
    is_kept: bool = True


class Album(Protocol):
    """Where pictures of a catalogue file go."""

    async def take(self, source: Source, batch: Sequence[Numbered], /) -> Pictures:
        """Put the files that lines name into the store and return the stored pictures; those that cannot be are left out."""


Told = Callable[[Progress], None]


class _Step(msgspec.Struct, frozen=True):
    """A batch that is kept with how far the import has come by it."""

    fingerprint: str
    run_id: UUID
    stage: Stage
    to: Position
    batch: Batch
    pictures: Pictures


class _Undone(Exception):
    """Leaves a transaction without keeping what it wrote."""


class CatalogImport:
    """Takes a file, in steps that are kept one by one or as a whole."""

    def __init__(
        self, database: Database, *, keeper: Keeper, album: Album, clock: Clock, new_id: IdSource
    ) -> None:
        self._database = database
        self._keeper = keeper
        self._album = album
        self._clock = clock
        self._new_id = new_id

    async def run(
        self, source: Source, *, mode: Mode = "steps", is_anew: bool = False, told: Told
    ) -> Summary:
        """Take a file.

        Args:
            source: The file.
            mode: `steps` keeps each batch with how far it has come, and goes on there after a break; `whole` keeps all or,
                where a line is refused, nothing; `check` keeps nothing.
            is_anew: Begin at the first line even where an earlier run has stopped in the middle.
            told: Hears of the progress.

        Raises:
            FileUnreadable: The file is not there, or broken.
            FileRefused: `whole`, and a line was refused; the summary is its argument `summary`.
            ImportSuperseded: Another process has begun the same file anew.
        """
        found = survey(source, lambda lines: told(Progress(None, lines, 0, 0)))
        if mode == "steps":
            return await self._run_steps(source, found, is_anew=is_anew, told=told)
        if mode == "whole" and found.refused:
            raise FileRefused(
                "a line is refused",
                summary=_summary(found, Counts(), [], is_kept=False),
                line=found.faults[0].line,
            )
        return await self._run_whole(source, found, mode=mode, told=told)

    async def _run_steps(self, source: Source, found: Survey, *, is_anew: bool, told: Told) -> Summary:
        fingerprint = source.fingerprint()
        begun = await self._persist(partial(self._begin, fingerprint, self._new_id(), is_anew=is_anew))
        row = begun
        for place, stage in stages_in(found):
            if place < row.stage:
                continue
            after = row.line if place == row.stage else 0
            async with aclosing(_read_ahead(batches(source, stage, after))) as every:
                async for batch in every:
                    pictures = await self._album.take(source, batch.lines)
                    position = Position(place, batch.end)
                    step = _Step(fingerprint, begun.run_id, stage, position, batch, pictures)
                    row = await self._persist(partial(self._step, step))
                    refused = row.counts.refused + found.refused
                    told(Progress(stage, row.counts.total + found.refused, found.things, refused))
        counts, faults = await self._persist(partial(self._end, fingerprint, begun.run_id))
        return _summary(found, counts, faults, resumed_at=begun.counts.total)

    async def _persist(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Do something in a transaction, again and again while others are in the way."""
        for _ in range(ATTEMPTS_MAX):
            try:
                async with self._database.transaction() as tx:
                    return await work(tx)
            except Conflict as error:
                if error.retry_after_s is None:
                    raise
            await asyncio.sleep(RETRY_S)
        async with self._database.transaction() as tx:
            return await work(tx)

    async def _begin(self, fingerprint: str, run_id: UUID, tx: Transaction, *, is_anew: bool) -> ImportRow:
        return await repository.begin(
            tx, fingerprint, run_id=run_id, now=self._clock.now(), kept=KEPT, is_anew=is_anew
        )

    async def _step(self, step: "_Step", tx: Transaction) -> ImportRow:
        """Keep one batch with how far that is, unless another process was faster; return how far it has come."""
        row = await self._mine(tx, step.fingerprint, step.run_id)
        if row.state == "done" or row.position >= step.to:
            return row
        more, refused = await self._keep_batch(tx, step.stage, step.batch, step.pictures)
        await repository.add_faults(tx, step.fingerprint, refused)
        await repository.advance(
            tx, step.fingerprint, to=step.to, more=more, is_done=False, now=self._clock.now()
        )
        return _advanced(row, step.to, more)

    async def _end(self, fingerprint: str, run_id: UUID, tx: Transaction) -> tuple[Counts, list[Fault]]:
        row = await self._mine(tx, fingerprint, run_id)
        if row.state != "done":
            await repository.advance(
                tx, fingerprint, to=row.position, more=Counts(), is_done=True, now=self._clock.now()
            )
        return row.counts, await repository.list_faults(tx, fingerprint)

    async def _mine(self, tx: Transaction, fingerprint: str, run_id: UUID) -> ImportRow:
        row = await repository.lock(tx, fingerprint)
        if row.run_id != run_id:
            raise ImportSuperseded(f"the import of the file {fingerprint} was begun anew by another process")
        return row

    async def _run_whole(self, source: Source, found: Survey, *, mode: Mode, told: Told) -> Summary:
        counts, refused = Counts(), list[Fault]()
        try:
            async with self._database.transaction() as tx:
                for _, stage in stages_in(found):
                    async with aclosing(_read_ahead(batches(source, stage, 0))) as every:
                        async for batch in every:
                            pictures = await self._album.take(source, batch.lines)
                            more, some = await self._keep_batch(tx, stage, batch, pictures)
                            counts += more
                            refused += some[: FAULTS_KEPT_MAX - len(refused)]
                            done = counts + Counts(refused=found.refused)
                            told(Progress(stage, done.total, found.things, done.refused))
                _undo(when=mode == "check" or counts.refused > 0)
        except _Undone:
            summary = _summary(found, counts, refused, is_kept=False)
            if mode == "check":
                return summary
            raise FileRefused("a line is refused", summary=summary, line=summary.faults[0].line) from None
        return _summary(found, counts, refused)

    async def _keep_batch(
        self, tx: Transaction, stage: Stage, batch: Batch, pictures: Pictures
    ) -> tuple[Counts, list[Fault]]:
        outcomes = await self._divide(tx, stage, batch.lines, pictures) if batch.lines else []
        verdicts = [one for one in outcomes if isinstance(one, str)]
        refused = [
            fault
            for numbered, one in zip(batch.lines, outcomes, strict=True)
            if isinstance(one, SamovarError)
            for fault in faults.refused(
                numbered.number, one, record=record_of(numbered.line), slug=slug_of(numbered.line)
            )
        ]
        counts = Counts(
            new=verdicts.count("new"),
            changed=verdicts.count("changed"),
            same=verdicts.count("same"),
            refused=sum(isinstance(one, SamovarError) for one in outcomes) + len(batch.faults),
        )
        return counts, [*batch.faults, *refused]

    async def _divide(
        self, tx: Transaction, stage: Stage, lines: Sequence[Numbered], pictures: Pictures
    ) -> list[Outcome]:
        """Keep lines; where that fails as a whole, find the ones at fault by halves, so that they keep none of the others out."""
        await repository.savepoint(tx)
        try:
            outcomes = await self._keeper.keep(tx, stage, [numbered.line for numbered in lines], pictures)
        except (SamovarError, asyncpg.PostgresError) as error:
            if isinstance(error, SamovarError) and not _is_of_lines(error):
                raise
            await repository.roll_back(tx)
            if len(lines) == 1:
                return [faults.of_one(error)]
        else:
            await repository.release(tx)
            return outcomes
        middle = len(lines) // 2
        return [
            *await self._divide(tx, stage, lines[:middle], pictures),
            *await self._divide(tx, stage, lines[middle:], pictures),
        ]


async def _read_ahead(every: Iterator[Batch]) -> AsyncGenerator[Batch, None]:
    """Yield batches, reading the next one in a thread while the database keeps the one before."""
    coming = asyncio.create_task(asyncio.to_thread(next, every, None))
    try:
        while batch := await coming:
            coming = asyncio.create_task(asyncio.to_thread(next, every, None))
            yield batch
    finally:
        await asyncio.gather(coming, return_exceptions=True)


def _undo(*, when: bool) -> None:
    if when:
        raise _Undone


def _is_of_lines(error: SamovarError) -> bool:
    """Whether an error is the fault of a line: not the database's, and not one that passes."""
    return error.http_status < Internal.http_status and error.retry_after_s is None


def _advanced(row: ImportRow, to: Position, more: Counts) -> ImportRow:
    counts = row.counts + more
    return msgspec.structs.replace(
        row,
        stage=to.stage,
        line=to.line,
        new=counts.new,
        changed=counts.changed,
        same=counts.same,
        refused=counts.refused,
    )


def _summary(
    found: Survey, counts: Counts, refused: Sequence[Fault], *, resumed_at: int = 0, is_kept: bool = True
) -> Summary:
    every = sorted([*found.faults, *refused], key=lambda fault: fault.line)
    return Summary(
        lines=found.lines,
        counts=counts + Counts(refused=found.refused),
        faults=every[:FAULTS_KEPT_MAX],
        resumed_at=resumed_at,
        is_kept=is_kept,
    )


class CatalogExport:
    """Gives everything out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self, file: BinaryIO, told: Callable[[int], None]) -> int:
        """Write all lines, as of one moment, and return how many."""
        count = 0
        async with self._database.transaction(isolation="repeatable_read") as tx:
            async for line in lines_of(tx):
                file.write(msgspec.json.encode(line) + b"\n")
                count += 1
                if count % TOLD_EVERY == 0:
                    told(count)
        return count
