"""What an operator does from the command line: take a catalogue in from a file, give it out into one, have the search index built anew."""

import argparse
import asyncio
import contextlib
import gzip
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.errors import SamovarError
from samovar.kit.i18n import Catalogue
from samovar.kit.ids import new_id
from samovar.kit.settings import config_file, load
from samovar.services.catalog.contract.events import SearchRebuildWanted
from samovar.services.catalog.exchange.appstream.use_cases import AppStream
from samovar.services.catalog.exchange.errors import FileRefused
from samovar.services.catalog.exchange.faults import in_words
from samovar.services.catalog.exchange.keeping.album import FolderAlbum
from samovar.services.catalog.exchange.keeping.keeper import keeper_of
from samovar.services.catalog.exchange.reading import STANDARD_INPUT, Source, source_of
from samovar.services.catalog.exchange.use_cases import CatalogExport, CatalogImport, Mode, Progress, Summary
from samovar.services.catalog.media.files import Files
from samovar.services.catalog.media.painters import Painters
from samovar.services.catalog.media.store import MediaStore
from samovar.services.catalog.settings import CatalogSettings

FAULTS_SHOWN_MAX = 20
TOLD_EVERY_S = 0.5
REASON = "catalogue import"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    commands = parser.add_subparsers(dest="command", required=True)
    what = "take a catalogue in; `docs/catalog-import.md` says what a file holds"
    taking = commands.add_parser("import", help=what, description=f"{what.capitalize()}.")
    taking.add_argument(
        "file", metavar="FILE", type=Path, help="lines of JSON, plain or gzip; - is the standard input"
    )
    _add_ways(taking)
    what = "take the games of AppStream catalogues in, as Debian ships them"
    debian = commands.add_parser("import-appstream", help=what, description=f"{what.capitalize()}.")
    debian.add_argument(
        "files",
        metavar="FILE",
        type=Path,
        nargs="+",
        help="dists/SUITE/main/dep11/Components-amd64.yml.gz of a mirror",
    )
    debian.add_argument("--icons", metavar="FILE", type=Path, help="icons-128x128.tar.gz beside it")
    _add_ways(debian)
    what = "have every process build its search index anew, beside the one that it serves"
    commands.add_parser("rebuild-search", help=what, description=f"{what.capitalize()}.")
    what = "give the whole catalogue out"
    giving = commands.add_parser("export", help=what, description=f"{what.capitalize()}.")
    giving.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        nargs="?",
        default=STANDARD_INPUT,
        help="where to; packed if it ends with .gz",
    )


def _add_ways(parser: argparse.ArgumentParser) -> None:
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--check", action="store_true", help="judge everything in one transaction, keep nothing")
    way.add_argument("--strict", action="store_true", help="keep nothing if a single line is refused")
    parser.add_argument("--restart", action="store_true", help="begin anew where an earlier run has stopped")
    parser.add_argument(
        "--report", metavar="FILE", type=Path, help="write what is refused there, a JSON object a line"
    )
    parser.add_argument("--reason", default=REASON, help="why; it stands in the history of each page")
    parser.add_argument(
        "--language",
        choices=("ru", "en"),
        default="ru" if os.environ.get("LANG", "").startswith("ru") else "en",
        help="of what is said here about refused lines; a report has both",
    )


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked and say what came of it."""
    try:
        if arguments.command == "export":
            return asyncio.run(_export(arguments))
        if arguments.command == "rebuild-search":
            return asyncio.run(_rebuild_search())
        if arguments.command == "import-appstream":
            return asyncio.run(_import_appstream(arguments))
        return asyncio.run(_import(arguments))
    except (SamovarError, OSError) as error:
        sys.stderr.write(f"\nsamovar catalog {arguments.command}: {error}\n")
        return 1


async def _import(arguments: argparse.Namespace) -> int:
    with source_of(arguments.file) as source:
        async with _opened() as (database, settings):
            return await _take(source, database, settings, arguments)


async def _import_appstream(arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="samovar-appstream-") as folder:
        async with _opened() as (database, settings):
            path, found = await AppStream(database).convert(
                arguments.files, icons=arguments.icons, folder=Path(folder)
            )
            sys.stdout.write(
                f"{found.games} games, {found.russian} with Russian texts, {found.screenshots} screenshots not fetched, "
                f"{found.unusable} unusable: read in {time.monotonic() - began:.1f} s\n"
            )
            status = await _take(Source(path, folder=Path(folder)), database, settings, arguments)
    sys.stdout.write(f"{time.monotonic() - began:.1f} s in all\n")
    return status


async def _rebuild_search() -> int:
    async with _opened() as (database, _), database.transaction() as tx:
        await tx.publish(SearchRebuildWanted())
    sys.stdout.write("asked for; each process logs when its new index is served\n")
    return 0


async def _take(
    source: Source, database: Database, settings: CatalogSettings, arguments: argparse.Namespace
) -> int:
    mode: Mode = "check" if arguments.check else "whole" if arguments.strict else "steps"
    ticker = _Ticker()
    async with _importing(database, settings, arguments.reason) as importing:
        try:
            summary = await importing.run(source, mode=mode, is_anew=arguments.restart, told=ticker.tell)
        except FileRefused as refused:
            summary = cast("Summary", refused.params["summary"])
    ticker.end()
    _report(summary, arguments)
    return 1 if summary.counts.refused else 0


def _report(summary: Summary, arguments: argparse.Namespace) -> None:
    folders = [
        resources.files("samovar.kit") / "locale",
        resources.files("samovar.services.catalog") / "locale",
    ]
    catalogue = Catalogue.load(folders)
    told = [in_words(fault, catalogue) for fault in summary.faults]
    if arguments.report:
        arguments.report.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in told))
    for one in told[:FAULTS_SHOWN_MAX]:
        where = ": ".join(filter(None, (f"line {one.line}", one.slug, one.field)))
        sys.stderr.write(f"{where}: {one.ru if arguments.language == 'ru' else one.en} [{one.code}]\n")
    if len(told) > FAULTS_SHOWN_MAX:
        sys.stderr.write(f"… and {len(told) - FAULTS_SHOWN_MAX} more; --report FILE writes them all\n")
    counts = summary.counts
    resumed = f", went on behind {summary.resumed_at}" if summary.resumed_at else ""
    kept = "" if summary.is_kept else "; nothing was kept"
    sys.stdout.write(
        f"{summary.lines} lines: {counts.new} new, {counts.changed} changed, {counts.same} unchanged, "
        f"{counts.refused} refused{resumed}{kept}\n"
    )


async def _export(arguments: argparse.Namespace) -> int:
    async with _opened() as (database, _):
        with _written(arguments.file) as file:
            count = await CatalogExport(database).run(file, lambda _count: None)
    sys.stderr.write(f"{count} lines\n")
    return 0


@contextlib.contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    """Open the file of an export; under its name there is only a whole one."""
    if path == STANDARD_INPUT:
        yield sys.stdout.buffer
        return
    beside = path.with_name(f"{path.name}.part")
    with beside.open("wb") as raw:
        if path.suffix == ".gz":
            # Without its time two files of one catalogue are alike.
            with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
                yield cast("BinaryIO", packed)
        else:
            yield raw
    beside.replace(path)


@asynccontextmanager
async def _opened() -> AsyncIterator[tuple[Database, CatalogSettings]]:
    settings = load(CatalogSettings, "catalog", environ=os.environ, file=config_file())
    database = await Database.open(settings.database_url, service="catalog", pool_size_min=0, pool_size_max=4)
    try:
        yield database, settings
    finally:
        await database.close()


@asynccontextmanager
async def _importing(
    database: Database, settings: CatalogSettings, reason: str
) -> AsyncIterator[CatalogImport]:
    clock = SystemClock()
    with Painters(threads=os.cpu_count() or 1) as painters:
        store = MediaStore(database, files=Files(settings.media_store), painters=painters, clock=clock)
        yield CatalogImport(
            database,
            keeper=keeper_of(clock=clock, new_id=new_id, reason=reason),
            album=FolderAlbum(store),
            clock=clock,
            new_id=new_id,
        )


class _Ticker:
    """Says how far it is: on a terminal in one line, elsewhere not at all."""

    def __init__(self) -> None:
        self._started = self._told = time.monotonic()
        self._is_shown = sys.stderr.isatty()

    def tell(self, progress: Progress) -> None:
        """Say it, a few times a second."""
        now = time.monotonic()
        if not self._is_shown or now - self._told < TOLD_EVERY_S:
            return
        self._told = now
        rate = progress.done / (now - self._started)
        of_all = f" of {progress.all}" if progress.all else ""
        sys.stderr.write(
            f"\r\033[K{progress.stage or 'reading'}: {progress.done}{of_all}, {rate:.0f} a second, "
            f"{progress.refused} refused"
        )
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._is_shown:
            sys.stderr.write("\r\033[K")
