"""What an operator does from the command line: give licences and take them back, note play time of before."""

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.errors import SamovarError
from samovar.kit.ids import new_id
from samovar.kit.settings import PlatformSettings, config_file, load
from samovar.services.library.licences.adapters import contents_of
from samovar.services.library.licences.domain import KINDS, Wanted
from samovar.services.library.licences.use_cases import Licences
from samovar.services.library.play.use_cases import PlaySessions
from samovar.services.library.settings import LibrarySettings

SOURCE = "operator"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    commands = parser.add_subparsers(dest="command", required=True)
    what = "give an account a licence"
    grant = commands.add_parser("grant", help=what, description=f"{what.capitalize()}.")
    grant.add_argument("account", metavar="ACCOUNT", type=UUID, help="the id of the account")
    grant.add_argument("apps", metavar="APP", type=UUID, nargs="*", help="the ids of the apps that it opens")
    grant.add_argument(
        "--package", metavar="PACKAGE", type=UUID, help="of this package; without apps, of all in it"
    )
    grant.add_argument("--kind", choices=KINDS, default="grant", help="how the account came to it (grant)")
    grant.add_argument(
        "--once", metavar="NAME", help="a name of this gift: given again under it, nothing happens"
    )
    what = "note how long an account had played apps before it came here"
    played = commands.add_parser("played", help=what, description=f"{what.capitalize()}.")
    played.add_argument("account", metavar="ACCOUNT", type=UUID, help="the id of the account")
    played.add_argument("apps", metavar="APP", type=UUID, nargs="+", help="the ids of the apps")
    played.add_argument(
        "--minutes", type=int, required=True, help="of each; noted again, the last word holds"
    )
    what = "take a licence back"
    revoke = commands.add_parser("revoke", help=what, description=f"{what.capitalize()}.")
    revoke.add_argument("licence", metavar="LICENCE", type=UUID, help="the id that `grant` has printed")
    revoke.add_argument("--reason", default="operator", help="one word, lower case: refunded (operator)")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked and say what came of it."""
    try:
        said = asyncio.run(_COMMANDS[arguments.command](arguments))
    except SamovarError as error:
        why = "; ".join(f"{fault.field}: {fault.detail}" for fault in error.fields) or str(error)
        sys.stderr.write(f"samovar library {arguments.command}: {why}\n")
        return 1
    sys.stdout.write(f"{said}\n")
    return 0


async def _grant(arguments: argparse.Namespace) -> str:
    apps = tuple(arguments.apps)
    if arguments.package and not apps:
        platform = load(PlatformSettings, "platform", environ=os.environ, file=config_file())
        apps = await contents_of(arguments.package, platform)
    async with _licences() as licences:
        licence, _ = await licences.grant(
            Wanted(
                account_id=arguments.account,
                package_id=arguments.package,
                app_ids=apps,
                kind=arguments.kind,
                source=SOURCE,
                source_id=arguments.once or str(new_id()),
            )
        )
    return f"{licence.id}: apps: {len(licence.app_ids)}, account: {licence.account_id}"


async def _played(arguments: argparse.Namespace) -> str:
    async with _database() as database:
        play = PlaySessions(database, clock=SystemClock(), new_id=new_id)
        await play.bring(arguments.account, arguments.apps, arguments.minutes)
    return f"{arguments.account}: apps: {len(arguments.apps)}, minutes: {arguments.minutes}"


async def _revoke(arguments: argparse.Namespace) -> str:
    async with _licences() as licences:
        licence = await licences.revoke(arguments.licence, reason=arguments.reason)
    return f"{licence.id}: revoked, {licence.revoke_reason}"


_COMMANDS = {"grant": _grant, "played": _played, "revoke": _revoke}


@asynccontextmanager
async def _licences() -> AsyncIterator[Licences]:
    async with _database() as database:
        yield Licences(database, clock=SystemClock(), new_id=new_id)


@asynccontextmanager
async def _database() -> AsyncIterator[Database]:
    settings = load(LibrarySettings, "library", environ=os.environ, file=config_file())
    database = await Database.open(settings.database_url, service="library", pool_size_min=0, pool_size_max=1)
    try:
        yield database
    finally:
        await database.close()
