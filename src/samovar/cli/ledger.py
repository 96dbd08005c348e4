"""Check the books of payment, walk along the chain of their transfers, look at an account.

samovar ledger check
samovar ledger verify
samovar ledger balance wallet:0190a5c8-8f1e-7000-8000-000000000001:RUB
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable

from samovar.cli.discovery import load_service
from samovar.cli.migrate import database_url_of
from samovar.kit.database import Database
from samovar.kit.errors import SamovarError
from samovar.services.payment import invariants
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.chain import blocks
from samovar.services.payment.ledger.domain import Account, Kind

SERVICE = "payment"
_PARTS = 3

Command = Callable[[Database, argparse.Namespace], Awaitable[int]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add(commands, "check", _check, "check every invariant of money; exit with 1 when one is broken")
    _add(commands, "verify", _verify, "walk along the hash chain; exit with 1 at the first altered transfer")
    looking = _add(commands, "balance", _balance, "print the balance of an account of the ledger")
    looking.add_argument(
        "account", type=account, metavar="KIND:OWNER:CURRENCY", help="prepaid::RUB, wallet:UUID:RUB"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run one command on the database of payment; returns 1 when something is wrong."""
    try:
        return asyncio.run(work(arguments))
    except (SamovarError, LookupError, OSError) as error:
        print(f"samovar ledger: {error}", file=sys.stderr)
        return 1


async def work(arguments: argparse.Namespace) -> int:
    """Run the command on the database that the settings name."""
    url = database_url_of(load_service(SERVICE))
    database = await Database.open(url, service=SERVICE, pool_size_min=0, pool_size_max=1)
    try:
        return await arguments.function(database, arguments)  # type: ignore[no-any-return]
    finally:
        await database.close()


def account(text: str) -> Account:
    """Read the name of an account.

    Raises:
        ValueError: It is none.
    """
    parts = text.split(":")
    if len(parts) != _PARTS:
        raise ValueError(text)
    return Account(Kind(parts[0]), parts[1], parts[2])


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, command: Command, text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=f"{text.capitalize()}.")
    parser.set_defaults(function=command)
    return parser


async def _check(database: Database, _arguments: argparse.Namespace) -> int:
    faults = await invariants.faults(database)
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults" if faults else "the books are right")
    return 1 if faults else 0


async def _verify(database: Database, _arguments: argparse.Namespace) -> int:
    verdict = await blocks.verify(database)
    if verdict.fault:
        print(verdict.fault)
    print(
        f"{verdict.transfers} transfers in {verdict.blocks} blocks are as they were written: {verdict.head}"
    )
    return 1 if verdict.fault else 0


async def _balance(database: Database, arguments: argparse.Namespace) -> int:
    found = await posting.balance(database, arguments.account)
    for name in ("debits_posted", "credits_posted", "debits_pending", "credits_pending"):
        print(f"{name:<16} {getattr(found, name):>20}")
    print(f"{'posted':<16} {found.posted:>20}")
    return 0
