"""What identity costs: verifying a token, one sign-in, and how other requests fare while a storm of sign-ins goes on.

python benchmarks/bench_identity.py [--seconds 10]

Targets: 50 µs for a token that was verified before, 150 µs for one that was not. The storm runs against `samovar serve auth`
in a process of its own, with real PostgreSQL, Redis and NATS.
"""

import argparse
import asyncio
import base64
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
from argon2 import PasswordHasher
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from joserfc import jwt
from joserfc.jwk import ECKey
from redis.asyncio import Redis

from samovar.embedded.nats import NatsServer
from samovar.embedded.ports import ReservedPort
from samovar.embedded.postgres import PostgresServer
from samovar.embedded.redis import RedisServer
from samovar.kit.clock import SystemClock
from samovar.kit.identity.keys import KeySet
from samovar.kit.identity.revocations import Revocations
from samovar.kit.identity.verifier import Verifier
from samovar.kit.ids import new_id
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.auth.app import service
from samovar.services.auth.passwords import hashing
from samovar.services.auth.passwords.hashing import Passwords
from samovar.testing.issuer import Issuer

ORIGIN = "http://bench"
TOKENS = 2_000
ROUNDS = 5
HASHES = 15
STORM_CLIENTS = 48
ASKERS = 4
# Askers that never rest would take all of the processor for themselves.
ASKER_PAUSE_S = 0.01
REFUSED = 429
# Far less than `Retry-After` asks for.
REFUSED_PAUSE_S = 0.1
READY_S = 30.0
PASSWORD = "зелёная кочка под луной"  # noqa: S105  of accounts that live for a minute
ME, LOGIN = "/v1/auth/me", "/v1/auth/login"


def best_us(work: Callable[[], object], times: int) -> float:
    """Return the time of one call in µs: the best of several rounds, because neighbours only ever add."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(times):
            work()
        rounds.append((time.perf_counter() - began) / times * 1e6)
    return min(rounds)


async def each_us(work: Callable[[str], Awaitable[object]], tokens: list[str]) -> float:
    """Return the time of one call a token in µs."""
    began = time.perf_counter()
    for token in tokens:
        await work(token)
    return (time.perf_counter() - began) / len(tokens) * 1e6


async def verification() -> None:
    """Print the cost of verifying, beside what the libraries alone cost."""
    issuer, clock = Issuer(ORIGIN), SystemClock()
    await issuer.start()
    redis = Redis()  # never asked here
    misses, hits = [], []
    for _ in range(ROUNDS):
        verifier = Verifier(
            issuer=ORIGIN,
            keys=KeySet(issuer.jwks_url, clock),
            revocations=Revocations(redis, clock),
            clock=clock,
        )
        await verifier.verify(issuer.token())
        tokens = [issuer.token() for _ in range(TOKENS)]
        misses.append(await each_us(verifier.verify, tokens))
        hits.append(await each_us(verifier.verify, tokens))
    await redis.aclose()
    await issuer.stop()

    key = ECKey.generate_key("P-256")
    public = ECKey.import_key(key.as_dict(private=False))
    token = jwt.encode({"alg": "ES256"}, {"sub": "x" * 300}, key)
    message, _, signature = token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    algorithm = ec.ECDSA(hashes.SHA256())
    bare = best_us(lambda: public.public_key.verify(der, message.encode(), algorithm), TOKENS)
    joserfc = best_us(lambda: jwt.decode(token, public, algorithms=["ES256"]), TOKENS)
    print(f"verify, seen before        {min(hits):7.1f} µs   (target 50)")
    print(f"verify, new                {min(misses):7.1f} µs   (target 150)")
    print(f"  joserfc alone            {joserfc:7.1f} µs")
    print(f"  signature alone          {bare:7.1f} µs")


async def sign_in_cost() -> None:
    """Print what a checked password costs, beside the hash alone."""
    bare = PasswordHasher(
        time_cost=hashing.TIME_COST, memory_cost=hashing.MEMORY_KIB, parallelism=hashing.PARALLELISM
    )
    stored = bare.hash(PASSWORD)
    alone = [best_us(lambda: bare.verify(stored, PASSWORD), 1) / 1e3 for _ in range(HASHES // ROUNDS)]
    with Passwords(Secret("p" * 32), threads=1, queue_max=1) as passwords:
        peppered = await passwords.hash(PASSWORD)
        in_pool = []
        for _ in range(HASHES):
            began = time.perf_counter()
            await passwords.matches(PASSWORD, peppered)
            in_pool.append((time.perf_counter() - began) * 1e3)
    print(f"argon2id alone             {min(alone):7.1f} ms   (t=1, 46 MiB, p=1)")
    print(f"with pepper, in the pool   {min(in_pool):7.1f} ms")


@asynccontextmanager
async def running_auth(folder: Path) -> AsyncIterator[str]:
    """Run `samovar serve auth` and give its address."""
    async with AsyncExitStack() as stack:
        postgres = await stack.enter_async_context(PostgresServer(folder / "postgres", fsync=False))
        redis = await stack.enter_async_context(RedisServer(folder / "redis"))
        nats = await stack.enter_async_context(NatsServer(folder / "nats"))
        database_url = await postgres.create("auth")
        await migrate(Secret(database_url), service.migrations)
        rest, rpc = ReservedPort(), ReservedPort()
        stack.callback(rest.release)
        stack.callback(rpc.release)
        rest.lend()
        rpc.lend()
        platform = {
            "redis_url": f"{redis.url}/0",
            "nats_url": nats.url,
            "rpc_secret": new_id().hex,
            "rest_port": rest.number,
            "rpc_port": rpc.number,
            "jwks_url": f"http://127.0.0.1:{rest.number}/.well-known/jwks.json",
            "log_level": "warning",
        }
        auth = {
            "database_url": database_url,
            "token_secret": new_id().hex,
            "password_pepper": new_id().hex,
            "sign_ins_per_address_max": 1_000_000,
        }
        environ = {f"SAMOVAR_PLATFORM__{name.upper()}": str(value) for name, value in platform.items()}
        environ |= {f"SAMOVAR_AUTH__{name.upper()}": str(value) for name, value in auth.items()}
        server = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "samovar.cli.main", "serve", "auth"), env={**os.environ, **environ}
        )
        stack.push_async_callback(server.wait)
        stack.callback(server.terminate)
        yield f"http://127.0.0.1:{rest.number}"


async def wait_until_ready(session: aiohttp.ClientSession) -> None:
    """Ask until the service answers."""
    async with asyncio.timeout(READY_S):
        while True:
            try:
                async with session.get("/readyz") as answer:
                    if answer.ok:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)


async def repeatedly(
    until: float, pause_s: float, work: Callable[[], Awaitable[int]]
) -> list[tuple[int, float]]:
    """Do something again and again; return the status and the milliseconds of each time."""
    results = []
    while time.perf_counter() < until:
        began = time.perf_counter()
        status = await work()
        results.append((status, (time.perf_counter() - began) * 1e3))
        await asyncio.sleep(pause_s)
    return results


async def storm(seconds: float) -> None:
    """Print how `/v1/auth/me` answers in calm and while sign-ins come as fast as clients can send them."""
    with tempfile.TemporaryDirectory() as folder:
        async with running_auth(Path(folder)) as address, aiohttp.ClientSession(address) as session:
            await wait_until_ready(session)
            person = {"email": "storm@example.com", "password": PASSWORD, "display_name": "Буря"}
            async with session.post("/v1/auth/register", json=person) as answer:
                signed_in = await answer.json()
            headers = {"authorization": f"Bearer {signed_in['access_token']}"}

            async def ask_me() -> int:
                async with session.get(ME, headers=headers) as answer:
                    await answer.read()
                    return answer.status

            async def log_in_as_stranger() -> int:
                body = {"login": f"{new_id().hex}@example.com", "password": PASSWORD}
                async with session.post(LOGIN, json=body) as answer:
                    await answer.read()
                if answer.status == REFUSED:
                    await asyncio.sleep(REFUSED_PAUSE_S)
                return answer.status

            async def many(
                clients: int, pause_s: float, work: Callable[[], Awaitable[int]]
            ) -> list[tuple[int, float]]:
                until = time.perf_counter() + seconds
                rounds = await asyncio.gather(*(repeatedly(until, pause_s, work) for _ in range(clients)))
                return [result for results in rounds for result in results]

            one = await many(1, 0, log_in_as_stranger)
            print(f"sign-in over REST, alone   {statistics.median(ms for _, ms in one):7.1f} ms median")
            tell("me, calm", await many(ASKERS, ASKER_PAUSE_S, ask_me), seconds)
            stormy, sign_ins = await asyncio.gather(
                many(ASKERS, ASKER_PAUSE_S, ask_me), many(STORM_CLIENTS, 0, log_in_as_stranger)
            )
            tell("me, in the storm", stormy, seconds)
            hashed = sum(status != REFUSED for status, _ in sign_ins)
            print(
                f"  the storm: {hashed / seconds:.0f} sign-ins/s hashed, {(len(sign_ins) - hashed) / seconds:.0f}/s sent back"
            )


def tell(name: str, results: list[tuple[int, float]], seconds: float) -> None:
    """Print the spread of answers."""
    times = sorted(ms for _, ms in results)
    failed = sum(status != 200 for status, _ in results)
    p99 = times[int(len(times) * 0.99)]
    print(
        f"{name:<26} {statistics.median(times):7.1f} ms median, {p99:.1f} ms p99, {len(times) / seconds:.0f}/s, {failed} failed"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each part of the storm lasts")
    arguments = parser.parse_args()
    asyncio.run(verification())
    asyncio.run(sign_in_cost())
    asyncio.run(storm(arguments.seconds))


if __name__ == "__main__":
    main()
