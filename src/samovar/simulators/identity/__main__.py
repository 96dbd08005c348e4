"""`python -m samovar.simulators.identity --port 9700`: run until SIGTERM."""

import argparse
import asyncio
import signal
import sys

from samovar.simulators.identity.program import running


async def serve(port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(port) as simulators:
        sys.stdout.write(f"Identity services: {simulators.address}\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", "--http-port", dest="port", type=int, default=9_700)
    asyncio.run(serve(parser.parse_args().port))


if __name__ == "__main__":
    main()
