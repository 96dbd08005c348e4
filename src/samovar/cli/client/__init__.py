"""Serve the web client: the page, its files and the sessions behind them. Envoy stands before it."""

import argparse
import asyncio
import logging
import os

from samovar.cli.client.settings import ClientSettings
from samovar.kit import logs
from samovar.kit.settings import config_file, load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: there are none."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    del arguments
    # Nobody else needs Flet, and it is not there where it was not installed.
    from samovar.client.app import Application  # noqa: PLC0415
    from samovar.client.web.server import Place, serve  # noqa: PLC0415

    settings = load(ClientSettings, "client", environ=os.environ, file=config_file())
    logs.configure(service="client", log_format=settings.log_format, level=settings.log_level)
    for chatty in ("flet_web.fastapi", "flet", "uvicorn"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    application = Application(
        origin=settings.origin,
        api=settings.api or settings.origin,
        secret=settings.secret.reveal(),
        desktop_url=settings.desktop_url,
    )
    place = Place(host=settings.host, port=settings.port, origin=settings.origin, kept=settings.kept)
    asyncio.run(serve(place, application.main, application.uploads))
    return 0
