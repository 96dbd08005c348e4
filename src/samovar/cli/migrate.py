"""Bring the databases of services to the schema of this code. Safe to run twice, and by two processes at once."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from samovar.cli.discovery import load_service, service_names
from samovar.kit.database import Database
from samovar.kit.errors import Unavailable
from samovar.kit.migrations import MigrationError, migrate, pending
from samovar.kit.runtime import Service
from samovar.kit.settings import Secret, ServiceSettings, config_file, load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "services", nargs="*", metavar="SERVICE", help="names of services; all of them unless said"
    )
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit with 1 when something is to be done"
    )


def run(arguments: argparse.Namespace) -> int:
    """Migrate, or check, one service after the other; stop at the first that fails."""
    try:
        services = [load_service(name) for name in arguments.services or service_names()]
        missing = asyncio.run(bring_up_to_date(services, check=arguments.check))
    except (MigrationError, Unavailable, LookupError) as error:
        print(f"samovar migrate: {error}", file=sys.stderr)
        return 1
    return 1 if arguments.check and missing else 0


async def bring_up_to_date(services: Sequence[Service], *, check: bool = False) -> int:
    """Apply what is missing, or with `check` only tell; return how many files that are."""
    missing = 0
    for service in services:
        if not service.has_database:
            continue
        url = database_url_of(service)
        names = await (_pending(service, url) if check else migrate(url, service.migrations))
        missing += len(names)
        for name in names:
            print(f"{service.name}: {'to apply' if check else 'applied'} {name}")
        if not names:
            print(f"{service.name}: up to date")
    return missing


def database_url_of(service: Service) -> Secret:
    """Return the address of a service's database, out of its settings.

    Raises:
        LookupError: It has none.
        SettingsError: A setting is missing or wrong.
    """
    if not issubclass(service.settings, ServiceSettings):
        raise LookupError(  # noqa: TRY004  the operator named the wrong service
            f"the service {service.name!r} has no database"
        )
    return load(service.settings, service.name, environ=os.environ, file=config_file()).database_url


async def _pending(service: Service, url: Secret) -> list[str]:
    database = await Database.open(url, service=service.name, pool_size_min=0, pool_size_max=1)
    try:
        return await pending(database, service.migrations)
    finally:
        await database.close()
