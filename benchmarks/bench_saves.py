"""How long a save of 1 MB takes from a device to the cloud and to another device, through the gateway.

python benchmarks/bench_saves.py

Target: a sync of 1 MB within 300 ms. A sync is the list of files, the upload after what the device had, and the download on another device. Each
upload has bytes of its own, so that each is written and brought to the disk. Beside it, in the same run: the same bytes written and brought to
the same disk, which nothing can go below.
"""

import asyncio
import io
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import uvloop

from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.kit.settings import Secret
from samovar.services.library.licences.domain import Wanted
from samovar.services.library.licences.use_cases import Licences
from samovar.testing.platform import Platform, platform_up

TARGET_MS = 300
SIZE = 1_048_576
SYNCS, WARM_UP = 60, 5


async def own(platform: Platform, account_id: UUID, app_id: UUID) -> None:
    """Give a player a game."""
    url = platform.record["environment"]["SAMOVAR_LIBRARY__DATABASE_URL"]
    database = await Database.open(Secret(url), service="library", pool_size_min=0, pool_size_max=1)
    licences = Licences(database, clock=SystemClock(), new_id=new_id)
    await licences.grant(
        Wanted(
            account_id=account_id, app_ids=(app_id,), kind="grant", source="operator", source_id=str(app_id)
        )
    )
    await database.close()


def report(what: str, took: Sequence[float]) -> None:
    """Print percentiles."""
    cuts = statistics.quantiles(took, n=20)
    print(f"{what:<40} p50 {cuts[9]:7.1f}  p90 {cuts[17]:7.1f}  p95 {cuts[18]:7.1f} ms, of {len(took)}")


async def sync(platform: Platform) -> None:
    """Save on one device and go on on another, again and again."""
    came = await platform.register()
    token, app_id = came.body["access_token"], new_id()
    await own(platform, UUID(came.body["account_id"]), app_id)
    saves = f"/v1/library/{app_id}/saves"
    upload, download, whole = [], [], []
    had: str | None = None
    for _ in range(WARM_UP + SYNCS):
        content = os.urandom(SIZE)
        headers = {"If-Match": had} if had else {"If-None-Match": "*"}
        began = time.perf_counter()
        listed = await platform.request("GET", saves, token=token)
        then = time.perf_counter()
        kept = await platform.request(
            "PUT",
            f"{saves}/слот:игра.sav?device_id=pc",
            token=token,
            data=io.BytesIO(content),
            headers=headers,
        )
        put = time.perf_counter()
        got = await platform.request("GET", f"{saves}/слот:игра.sav", token=token)
        ended = time.perf_counter()
        if (listed.status, kept.status, got.body) != (200, 201, content):
            raise SystemExit(f"{listed.status} {kept.status} {kept.body} {got.status}")
        had = kept.headers["etag"]
        upload.append((put - then) * 1e3)
        download.append((ended - put) * 1e3)
        whole.append((ended - began) * 1e3)
    report("upload of 1 MB", upload[WARM_UP:])
    report("download of 1 MB", download[WARM_UP:])
    report(f"sync of 1 MB (target {TARGET_MS} ms)", whole[WARM_UP:])


def write(folder: Path) -> list[float]:
    """Return how long it takes to bring 1 MB to the disk, ms."""
    took = []
    for number in range(SYNCS):
        content = os.urandom(SIZE)
        began = time.perf_counter()
        with (folder / f"{number}").open("wb", buffering=0) as file:
            file.write(content)
            os.fsync(file.fileno())
        took.append((time.perf_counter() - began) * 1e3)
    return took


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before")
        async with platform_up(folder / "state") as platform:
            await sync(platform)
        disk = folder / "disk"
        await asyncio.to_thread(disk.mkdir)
        report("1 MB brought to the disk", await asyncio.to_thread(write, disk))


if __name__ == "__main__":
    uvloop.run(main())
