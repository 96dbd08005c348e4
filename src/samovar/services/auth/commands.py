"""What an operator does from the command line: give and take roles, the first administrator's among them; pack leaked passwords."""

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.errors import SamovarError
from samovar.kit.identity import LEVELS, Permissions
from samovar.kit.ids import new_id
from samovar.kit.settings import config_file, load
from samovar.services.auth.audit import Audit
from samovar.services.auth.clients.use_cases import OwnClients
from samovar.services.auth.passwords.leaked import pack
from samovar.services.auth.roles.declared import declared_permissions
from samovar.services.auth.roles.domain import GRANTABLE, Wanted
from samovar.services.auth.roles.granting import Granting
from samovar.services.auth.roles.use_cases import Roles
from samovar.services.auth.settings import AuthSettings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (
        ("grant-role", "give an account a role"),
        ("revoke-role", "take a role from an account"),
    ):
        command = commands.add_parser(name, help=what, description=f"{what.capitalize()}.")
        command.add_argument("login", metavar="LOGIN", help="an e-mail address or a phone number")
        command.add_argument("role", metavar="ROLE", choices=sorted(GRANTABLE), help="the role")
        command.add_argument("--reason", default="from the command line", help="why; others can read it")
        place = command.add_argument_group("where the role `developer` holds")
        place.add_argument("--organisation", metavar="UUID", type=UUID, help="in this organisation")
        place.add_argument("--level", choices=LEVELS, help="how much it allows there")
        place.add_argument("--game", metavar="UUID", type=UUID, help="in this game of it alone")
    own = commands.add_parser(
        "first-party",
        help="say whether a client is the platform's own",
        description="The people of the platform's own clients get full sessions.",
    )
    own.add_argument("client_id", metavar="CLIENT_ID", help="the client")
    own.add_argument("answer", choices=("yes", "no"), help="whether it is")
    pack = commands.add_parser(
        "pack-leaked",
        help="pack a list of leaked passwords for SAMOVAR_AUTH__LEAKED_PASSWORDS_FILE",
        description="Read lines `SHA1:count`, sorted, as Pwned Passwords is published, and write a file that auth looks up.",
    )
    pack.add_argument("input", metavar="INPUT", type=Path, help="the list")
    pack.add_argument("output", metavar="OUTPUT", type=Path, help="the file to write")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked and say what came of it."""
    if arguments.command == "pack-leaked":
        return _pack(arguments.input, arguments.output)
    try:
        if arguments.command == "first-party":
            said = asyncio.run(_set_first_party(arguments))
        else:
            said = f"{arguments.login}: {', '.join(asyncio.run(_change(arguments)))}"
    except SamovarError as error:
        sys.stderr.write(f"samovar auth {arguments.command}: {error}\n")
        return 1
    sys.stdout.write(f"{said}\n")
    return 0


def _pack(source: Path, target: Path) -> int:
    try:
        with source.open(encoding="ascii") as lines, target.open("wb") as output:
            count = pack(lines, output)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"samovar auth pack-leaked: {error}\n")
        return 1
    sys.stdout.write(f"{target}: {count} passwords\n")
    return 0


async def _change(arguments: argparse.Namespace) -> tuple[str, ...]:
    async with _database() as (database, settings):
        roles = roles_in(database, phone_region=settings.phone_region)
        change = roles.grant if arguments.command == "grant-role" else roles.revoke
        wanted = Wanted(
            role=arguments.role,
            organisation_id=arguments.organisation,
            level=arguments.level,
            game_id=arguments.game,
        )
        return await change(arguments.login, wanted, reason=arguments.reason)


async def _set_first_party(arguments: argparse.Namespace) -> str:
    async with _database() as (database, _):
        clock = SystemClock()
        own = OwnClients(database, audit=Audit(database, clock=clock, new_id=new_id), clock=clock)
        await own.set_first_party(arguments.client_id, first_party=arguments.answer == "yes")
    return f"{arguments.client_id}: {'' if arguments.answer == 'yes' else 'not '}the platform's own"


@asynccontextmanager
async def _database() -> AsyncIterator[tuple[Database, AuthSettings]]:
    settings = load(AuthSettings, "auth", environ=os.environ, file=config_file())
    database = await Database.open(settings.database_url, service="auth", pool_size_min=0, pool_size_max=2)
    try:
        yield database, settings
    finally:
        await database.close()


def roles_in(database: Database, *, phone_region: str) -> Roles:
    """Return what changes roles in a database, outside any process of auth."""
    clock = SystemClock()
    granting = Granting(
        permissions=Permissions(declared_permissions()),
        audit=Audit(database, clock=clock, new_id=new_id),
        new_id=new_id,
    )
    return Roles(database, granting=granting, clock=clock, phone_region=phone_region)
