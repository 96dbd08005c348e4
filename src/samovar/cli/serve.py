"""Run one or more services in this process: one REST and one gRPC port, settings from the environment."""

import argparse
import asyncio
import os

import uvloop

from samovar.cli.discovery import load_service
from samovar.kit.host import serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("services", nargs="+", metavar="SERVICE", help="names of services: auth catalog …")


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT, then drain and stop."""
    services = [load_service(name) for name in arguments.services]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(services, environ=os.environ))
    return 0
