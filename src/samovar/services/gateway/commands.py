"""What an operator does from the command line: write Envoy's configuration, with which its container starts."""

import argparse
import os
import sys
from pathlib import Path

from samovar.kit.settings import PlatformSettings, config_file, load
from samovar.services.gateway.envoy.filling import LOOPBACK, Listening, configure
from samovar.services.gateway.settings import GatewaySettings

PORT, ADMIN_PORT, INSIDE_PORT = 8080, 9901, 8081


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    commands = parser.add_subparsers(dest="command", required=True)
    what = "write Envoy's configuration for this installation; a running Envoy takes it over without dropping a request"
    write = commands.add_parser("write-envoy", help=what, description=f"{what.capitalize()}.")
    write.add_argument("folder", type=Path, help="where the files go; Envoy watches it")
    for name, address, port in (
        ("", "the address", PORT),
        ("admin-", "the address of the admin page", ADMIN_PORT),
        ("inside-", "the address for the web client alone", INSIDE_PORT),
    ):
        write.add_argument(f"--{name}host", default=LOOPBACK, help=f"{address} ({LOOPBACK})")
        write.add_argument(f"--{name}port", type=int, default=port, help=f"the port of {address} ({port})")


def run(arguments: argparse.Namespace) -> int:
    """Write the files and say which of them Envoy starts with."""
    file = config_file()
    listening = Listening(
        folder=arguments.folder.resolve(),
        host=arguments.host,
        port=arguments.port,
        admin_host=arguments.admin_host,
        admin_port=arguments.admin_port,
        inside_host=arguments.inside_host,
        inside_port=arguments.inside_port,
    )
    first = configure(
        listening,
        platform=load(PlatformSettings, "platform", environ=os.environ, file=file),
        settings=load(GatewaySettings, "gateway", environ=os.environ, file=file),
    )
    sys.stdout.write(f"{first}\n")
    return 0
