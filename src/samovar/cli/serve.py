"""Run one or more services in this process: one REST and one gRPC port, settings from the environment."""

import argparse
import asyncio
import os

import uvloop

from samovar.cli.discovery import load_service
from samovar.kit.events import consumes
from samovar.kit.host import serve
from samovar.kit.identity.verifier import Verifier
from samovar.services.auth.contract.events import RolesChanged, SessionRevoked


@consumes(SessionRevoked, mode="broadcast")
async def refuse_session(event: SessionRevoked, verifier: Verifier) -> None:
    """Refuse a session's tokens in this process at once; the list in Redis follows for those that missed the event."""
    verifier.revoke_session(event.session_id)


@consumes(RolesChanged, mode="broadcast")
async def refuse_old_roles(event: RolesChanged, verifier: Verifier) -> None:
    """Refuse an account's tokens that still name its former roles."""
    verifier.revoke_account(event.account_id, event.tokens_not_before)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("services", nargs="+", metavar="SERVICE", help="names of services: auth catalog …")


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT, then drain and stop."""
    services = [load_service(name) for name in arguments.services]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(services, environ=os.environ, listeners=(refuse_session, refuse_old_roles)))
    return 0
