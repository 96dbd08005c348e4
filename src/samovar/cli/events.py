"""Look at dead letters, mend and replay them; send a service's past events again.

samovar events dead --service library
samovar events show --service library 12
samovar events fix --service library 12 --payload mended.json
samovar events replay --service library --letter 12
samovar events replay --service auth --since 2h --subject auth.v1.account_registered
"""

import argparse
import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from samovar.cli.discovery import load_service, service_names
from samovar.cli.migrate import database_url_of
from samovar.kit import dead_letters
from samovar.kit.database import Database
from samovar.kit.errors import SamovarError
from samovar.kit.events import SUBJECT_PREFIX
from samovar.kit.outbox import replay
from samovar.kit.runtime import Service

_AGO = re.compile(r"(\d{1,5})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_ERROR_WIDTH = 100

Command = Callable[[Database, argparse.Namespace], Awaitable[None]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    dead = _add(commands, "dead", _dead, "list the events that consumers could not apply")
    dead.add_argument("--consumer", help="only those of this consumer")
    for name, command, text in (
        ("show", _show, "print one dead letter in full"),
        ("fix", _fix, "replace the payload of a dead letter"),
        ("drop", _drop, "forget a dead letter: it need not be applied"),
    ):
        added = _add(commands, name, command, text)
        added.add_argument("letter", type=int, metavar="ID", help="the number that `dead` prints")
        if name == "fix":
            added.add_argument(
                "--payload",
                type=_content,
                required=True,
                metavar="FILE",
                help="JSON; `-` reads it from stdin",
            )
    again = _add(commands, "replay", _replay, "apply dead letters again, or send past events again")
    which = again.add_mutually_exclusive_group(required=True)
    which.add_argument("--letter", type=int, metavar="ID", help="apply this dead letter again")
    which.add_argument("--letters", action="store_true", help="apply all dead letters again")
    which.add_argument(
        "--since",
        type=moment,
        metavar="TIME",
        help="send again what was published since: 2h, 7d, 2026-11-23T10:00Z",
    )
    again.add_argument("--consumer", help="with --letters: only those of this consumer")
    again.add_argument(
        "--until", type=moment, metavar="TIME", help="with --since: only what was published before"
    )
    again.add_argument("--subject", help="with --since: only this event, auth.v1.account_registered")


def run(arguments: argparse.Namespace) -> int:
    """Run one command on the database of one service; `dead` looks into all unless told."""
    try:
        if arguments.service:
            asyncio.run(work_on(load_service(arguments.service), arguments))
        else:
            for service in map(load_service, service_names()):
                if service.has_database:
                    asyncio.run(work_on(service, arguments))
    except (SamovarError, LookupError, OSError) as error:
        print(f"samovar events: {error}", file=sys.stderr)
        return 1
    return 0


def moment(text: str) -> datetime:
    """Read a time: so long ago, `90m`, or ISO 8601, UTC unless it says otherwise.

    Raises:
        ValueError: It is neither.
    """
    ago = _AGO.fullmatch(text)
    if ago:
        return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    value = datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, command: Command, text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.add_argument(
        "--service", required=name != "dead", help="whose database" + ("; all unless said" * (name == "dead"))
    )
    parser.set_defaults(function=command)
    return parser


async def work_on(service: Service, arguments: argparse.Namespace) -> None:
    """Run the command on one service's database."""
    url = database_url_of(service)
    database = await Database.open(url, service=service.name, pool_size_min=0, pool_size_max=1)
    try:
        await arguments.function(database, arguments)
    finally:
        await database.close()


async def _dead(database: Database, arguments: argparse.Namespace) -> None:
    after = 0
    while page := await dead_letters.waiting(database, consumer=arguments.consumer, after=after):
        for letter in page:
            when = letter.created_at.isoformat(sep=" ", timespec="seconds")
            error = letter.error.splitlines()[0][:_ERROR_WIDTH] if letter.error else ""
            print(f"{database.service} {letter.id:>6}  {when}  {letter.consumer}  {letter.subject}  {error}")
        after = page[-1].id


async def _show(database: Database, arguments: argparse.Namespace) -> None:
    letter = await dead_letters.get(database, arguments.letter)
    for name in ("consumer", "event_id", "subject", "attempts", "created_at", "replay_requested_at"):
        print(f"{name:<20} {getattr(letter, name)}")
    for name, value in sorted(letter.headers.items()):
        print(f"{name:<20} {value}")
    print(f"\n{letter.error}\n\n{_readable(letter.payload)}")


async def _fix(database: Database, arguments: argparse.Namespace) -> None:
    async with database.transaction() as tx:
        await dead_letters.fix(tx, arguments.letter, arguments.payload)
    print(
        f"fixed; apply it with: samovar events replay --service {database.service} --letter {arguments.letter}"
    )


async def _drop(database: Database, arguments: argparse.Namespace) -> None:
    letter = await dead_letters.get(database, arguments.letter)
    async with database.transaction() as tx:
        await dead_letters.remove(tx, consumer=letter.consumer, event_id=letter.event_id)
    print("dropped")


async def _replay(database: Database, arguments: argparse.Namespace) -> None:
    if arguments.since:
        subject = arguments.subject and SUBJECT_PREFIX + arguments.subject.removeprefix(SUBJECT_PREFIX)
        count = await replay(database, since=arguments.since, until=arguments.until, subject=subject)
        print(f"{count} events will be sent again by the running processes of {database.service}")
        return
    async with database.transaction() as tx:
        count = await dead_letters.request_replay(tx, letter_id=arguments.letter, consumer=arguments.consumer)
    print(f"{count} letters will be applied again by the running processes of {database.service}")


def _content(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _readable(payload: bytes) -> str:
    try:
        return msgspec.json.format(payload).decode()
    except (msgspec.DecodeError, UnicodeDecodeError):
        return repr(payload)
