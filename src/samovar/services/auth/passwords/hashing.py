"""Hashing passwords: argon2id with a pepper, in a few threads of its own, with a short queue.

One hash takes some 50 ms of a core and 46 MiB on purpose. So only a few run at once; a storm of sign-ins fills the queue and
is then refused, while every other request goes on.
"""

import asyncio
import hashlib
import hmac
import os
import secrets
import sys
import threading
import time
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Self, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from samovar.kit.settings import Secret
from samovar.services.auth.errors import HashingBusy
from samovar.services.auth.tokens.sealing import derive_key

# OWASP ASVS 5.0, appendix C, and the Password Storage Cheat Sheet.
TIME_COST = 1
MEMORY_KIB = 47_104
PARALLELISM = 1
HASH_BYTES = 32
SALT_BYTES = 16
# The operating system gives the event loop its share first when cores are short.
NICENESS = 10
BUSY_RETRY_AFTER_S = 2.0
# Whoever would wait longer is asked to come back: a request has five seconds in all.
WAIT_S_MAX = 2.0
# How much the latest hash counts in what the next one is expected to take.
LATEST_SHARE = 0.2

T = TypeVar("T")


class Passwords:
    """Hashes and checks passwords. Close it to stop its threads.

    Args:
        pepper: Mixed into every hash; not in the database.
        threads: How many hashes run at once.
        queue_max: How many may wait; one more is refused.
    """

    def __init__(self, pepper: Secret, *, threads: int, queue_max: int) -> None:
        self._key = derive_key(pepper, "password pepper")
        self._hasher = PasswordHasher(
            time_cost=TIME_COST,
            memory_cost=MEMORY_KIB,
            parallelism=PARALLELISM,
            hash_len=HASH_BYTES,
            salt_len=SALT_BYTES,
            type=Type.ID,
        )
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="password", initializer=_step_back)
        self._free = asyncio.Semaphore(threads)
        self._threads = threads
        self._waiting_max = queue_max
        self._waiting = 0
        self._expected_s = 0.0
        # Checked when there is no such login, so that the answer takes as long.
        self._decoy = self._hasher.hash(secrets.token_bytes(HASH_BYTES))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def refuse_when_busy(self) -> None:
        """Ask before spending anything else on a request that will need a hash.

        Raises:
            HashingBusy: Too many are waiting.
        """
        wait_s = (self._waiting + 1) * self._expected_s / self._threads
        if self._free.locked() and (self._waiting >= self._waiting_max or wait_s > WAIT_S_MAX):
            raise HashingBusy(retry_after_s=BUSY_RETRY_AFTER_S)

    async def hash(self, password: str) -> str:
        """Return the hash of a new password.

        Raises:
            HashingBusy: Too many are waiting.
        """
        return await self._in_pool(lambda: self._hasher.hash(self._peppered(password)))

    async def matches(self, password: str, stored: str | None) -> bool:
        """Return whether the password belongs to the hash; with none it takes as long and is wrong.

        Raises:
            HashingBusy: Too many are waiting.
        """
        is_right = await self._in_pool(lambda: self._verify(password, stored or self._decoy))
        return is_right and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Return whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, self._peppered(password))
        except (VerificationError, InvalidHashError):
            return False

    def _peppered(self, password: str) -> bytes:
        """Two ways of typing «й» are one password (NIST SP 800-63B, section 3.1.1.2)."""
        normal = unicodedata.normalize("NFKC", password)
        return hmac.digest(self._key, normal.encode(), hashlib.sha256)

    def _timed(self, work: Callable[[], T]) -> T:
        began = time.monotonic()
        try:
            return work()
        finally:
            # Threads may overwrite each other's word here; it is an estimate.
            self._expected_s += LATEST_SHARE * (time.monotonic() - began - self._expected_s)

    async def _in_pool(self, work: Callable[[], T]) -> T:
        self.refuse_when_busy()
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        running = asyncio.get_running_loop().run_in_executor(self._pool, self._timed, work)
        # The place is free when the thread is, not when an impatient client has gone.
        running.add_done_callback(lambda _: self._free.release())
        return await asyncio.shield(running)


def default_threads() -> int:
    """Return half of the cores, at least one: the rest is for everything else."""
    return max(1, (os.cpu_count() or 1) // 2)


def _step_back() -> None:
    """Lower the priority of this thread alone; elsewhere than on Linux that would be the whole process."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
