"""`python -m samovar.simulators.money --port 9800`: run until SIGTERM.

`SIMULATOR_WEBHOOKS_URL` says where the providers' notifications go: that address and `/yookassa` or `/tbank`. What happens is kept in
`SIMULATOR_FOLDER` and known again at the next start; without it nothing is.
"""

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from samovar.simulators.money.program import running


async def serve(port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    kept = os.environ.get("SIMULATOR_FOLDER")
    webhooks = os.environ.get("SIMULATOR_WEBHOOKS_URL")
    async with running(port, webhooks=webhooks, folder=Path(kept) if kept else None) as address:
        sys.stdout.write(f"Payments, receipts and payouts: {address}\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", "--http-port", dest="port", type=int, default=9_800)
    asyncio.run(serve(parser.parse_args().port))


if __name__ == "__main__":
    main()
