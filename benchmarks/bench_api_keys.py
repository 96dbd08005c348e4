"""What an API key costs: exchanged by auth, with real PostgreSQL and Redis, and found by the edge where it is kept.

python benchmarks/bench_api_keys.py

Target: the edge has a kept key in 50 µs, and auth exchanges one in 5 ms, of which a busy key needs one in ten minutes. What Envoy
adds is in `bench_gateway.py`.
"""

import asyncio
import secrets
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from stand_ins import KnownAuth

from samovar.embedded.postgres import PostgresServer
from samovar.embedded.redis import RedisServer
from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.identity.keys import KeySet
from samovar.kit.identity.revocations import Revocations
from samovar.kit.identity.verifier import Verifier
from samovar.kit.ids import new_id
from samovar.kit.limits import Limits
from samovar.kit.migrations import migrate
from samovar.kit.redis import connect
from samovar.kit.settings import Secret
from samovar.services.auth.api_keys.use_cases import KeyExchange
from samovar.services.auth.app import service
from samovar.services.auth.audit import Audit
from samovar.services.auth.tokens.keys import SECRET_BYTES, digest_of, hint_of, key_of
from samovar.services.auth.tokens.rotation import SigningKeys
from samovar.services.auth.tokens.sealing import Sealer
from samovar.services.auth.tokens.signing import Signer
from samovar.services.gateway.edge.api_keys import ApiKeys
from samovar.testing.issuer import Issuer

ORIGIN = "http://bench"
EXCHANGES, FINDS = 500, 20_000
HERE = "192.0.2.1"


async def median_us(work: Callable[[int], Awaitable[object]], times: int) -> float:
    """Return the median time of one call, µs."""
    took = []
    for number in range(times):
        began = time.perf_counter()
        await work(number)
        took.append((time.perf_counter() - began) * 1e6)
    return statistics.median(took)


async def add_key(database: Database) -> str:
    """Return a key of a new account."""
    account_id, key_id, now = new_id(), new_id(), SystemClock().now()
    key = key_of(secrets.token_bytes(SECRET_BYTES))
    async with database.transaction() as tx:
        await tx.execute(
            "INSERT INTO accounts (id, roles, created_at) VALUES ($1, '{player,operator}', $2)",
            account_id,
            now,
        )
        await tx.execute(
            "INSERT INTO sessions (id, account_id, kind, scope, amr, acr, authenticated_at, started_at, rotated_at, expires_at, seed) "
            "VALUES ($1, $2, 'api_key', 'auth.role.read', '{key}', 'aal1', $3, $3, $3, $4, '')",
            key_id,
            account_id,
            now,
            now + timedelta(days=90),
        )
        await tx.execute(
            "INSERT INTO api_keys (id, key_hash, hint) VALUES ($1, $2, $3)",
            key_id,
            digest_of(key),
            hint_of(key),
        )
    return key


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[tuple[KeyExchange, str]]:
    """Give what exchanges keys, on real servers, and a key."""
    async with AsyncExitStack() as stack:
        postgres = await stack.enter_async_context(PostgresServer(folder / "postgres", fsync=False))
        redis = connect(Secret(f"{(await stack.enter_async_context(RedisServer(folder / 'redis'))).url}/0"))
        stack.push_async_callback(redis.aclose)
        url = Secret(await postgres.create("auth"))
        await migrate(url, service.migrations)
        database = await Database.open(url, service="auth", pool_size_min=1, pool_size_max=2)
        stack.push_async_callback(database.close)
        clock, sealer = SystemClock(), Sealer(Secret("s" * 32), "signing keys")
        signer = Signer(sealer, issuer=ORIGIN, ttl_s=600)
        keys = SigningKeys(database, signer=signer, sealer=sealer, signs_for=timedelta(days=30), clock=clock)
        await keys.refresh()
        exchange = KeyExchange(
            database,
            signer=signer,
            limits=Limits(redis, "auth"),
            audit=Audit(database, clock=clock, new_id=new_id),
            clock=clock,
            new_id=new_id,
        )
        yield exchange, await add_key(database)


async def report(folder: Path) -> None:
    """Measure and print."""
    async with running(folder) as (exchange, key):
        # An address of its own each time: nobody asks so often.
        exchanged = await median_us(
            lambda number: exchange.exchange(key, f"10.0.{number // 250}.{number % 250}"), EXCHANGES
        )
    issuer, clock, redis = Issuer(ORIGIN), SystemClock(), connect(Secret("redis://127.0.0.1:1/0"))
    await issuer.start()
    verifier = Verifier(
        issuer=ORIGIN,
        keys=KeySet(issuer.jwks_url, clock),
        revocations=Revocations(redis, clock),
        clock=clock,
    )
    keys = ApiKeys(cast("Any", KnownAuth(issuer.token())), verifier, clock)
    found = await median_us(lambda _: keys.exchange(key, HERE), FINDS)
    await issuer.stop()
    print(f"exchanged by auth          {exchanged / 1e3:7.2f} ms   (target 5)")
    print(f"kept by the edge           {found:7.1f} µs   (target 50)")


def main() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(report(Path(folder)))


if __name__ == "__main__":
    main()
