"""Run the CPU-heavy jobs of one or more services, those declared with `where="worker"`, outside of the serving loop."""

import argparse
import asyncio
import os
import sys

import uvloop

from samovar.cli.discovery import load_service
from samovar.kit.host import serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("services", nargs="+", metavar="SERVICE", help="names of services")


def run(arguments: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT; a service without such jobs is refused, because the process would do nothing."""
    services = [load_service(name) for name in arguments.services]
    for service in services:
        if not any(job.where == "worker" for job in service.jobs):
            print(f"samovar work: {service.name} has no jobs for a worker", file=sys.stderr)
            return 1
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(services, environ=os.environ, where="worker"))
    return 0
