"""`python -m samovar.simulators.messages --smtp-port 2525 --http-port 8025`: run until SIGTERM."""

import argparse
import asyncio
import logging
import signal
import warnings

from aiohttp import web

from samovar.simulators.messages.faults import Faults
from samovar.simulators.messages.outbox import Outbox, say
from samovar.simulators.messages.smtp import protocol
from samovar.simulators.messages.web import Site

LOOPBACK = "127.0.0.1"


async def serve(*, smtp_port: int, http_port: int) -> None:
    """Serve both sides until SIGTERM or SIGINT."""
    # It would say at the first connection that signing in without TLS is a bad idea; on the loopback it is none.
    warnings.filterwarnings("ignore", message="Requiring AUTH while not requiring TLS", category=UserWarning)
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    outbox, faults = Outbox(), Faults()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    smtp = await loop.create_server(protocol(outbox, faults), LOOPBACK, smtp_port)
    runner = web.AppRunner(Site(outbox, faults).app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, http_port, reuse_address=True, shutdown_timeout=1.0).start()
    say(f"messages: SMTP on {LOOPBACK}:{smtp_port}, page on http://{LOOPBACK}:{http_port}")
    await stop.wait()
    smtp.close()
    await runner.cleanup()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    arguments = parser.parse_args()
    asyncio.run(serve(smtp_port=arguments.smtp_port, http_port=arguments.http_port))


if __name__ == "__main__":
    main()
