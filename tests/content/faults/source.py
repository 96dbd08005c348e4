"""A source that lies, breaks off and forgets its ticket, by chance; what it does depends on what is asked, not on when."""

from collections import Counter
from collections.abc import AsyncIterator
from random import Random

from samovar.content.install.errors import SourceFailed
from tests.content.install.shop import Shop

KINDS = ("fails", "short", "wrong", "flipped", "empty", "long", "late")


class FaultySource:
    """A source with faults.

    Args:
        shop: Where the bytes are.
        seed: Decides.
        rate: How many of its answers are faulty, from 0 to 1.
        expired: How many of the ranges are asked for with a ticket that is over, from 0 to 1.
    """

    def __init__(self, shop: Shop, seed: int, rate: float, expired: float = 0) -> None:
        self.trace: list[str] = []
        self.connections = 0
        self._shop = shop
        self._seed = seed
        self._rate = rate
        self._expired = expired
        self._asked: Counter[tuple[str, int]] = Counter()

    async def read(self, key: str, offset: int, length: int) -> AsyncIterator[bytes]:
        if Random(f"{self._seed} ticket {key} {offset}").random() < self._expired:
            raise SourceFailed("the ticket has expired")
        self._asked[key, offset] += 1
        chance = Random(f"{self._seed} {key} {offset} {self._asked[key, offset]}")
        data = b"".join([piece async for piece in self._shop.read(key, offset, length)])
        if chance.random() < self._rate:
            kind = chance.choice(KINDS)
            self.trace.append(f"{kind}: {key[:14]} {offset}+{length}")
            data = _faulty(kind, data, chance)
        for at in range(0, len(data), 50_000):
            yield data[at : at + 50_000]

    def at_once(self) -> int:
        return self.connections

    def blame(self, key: str) -> None:
        self.trace.append(f"blamed: {key[:14]}")


def _faulty(kind: str, data: bytes, chance: Random) -> bytes:
    if kind == "fails":
        raise SourceFailed("status 500")
    if kind == "short":
        return data[: chance.randint(0, len(data) - 1)]
    if kind == "wrong":
        return bytes(len(data))
    if kind == "flipped":
        changed = bytearray(data)
        changed[chance.randrange(len(data))] ^= 1 << chance.randint(0, 7)
        return bytes(changed)
    if kind == "long":
        return data + b"more"
    return b"" if kind == "empty" else data
