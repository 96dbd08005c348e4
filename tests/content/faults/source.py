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
        expires: After how many answers the ticket expires; None for never.
    """

    def __init__(self, shop: Shop, seed: int, rate: float, expires: int | None = None) -> None:
        self.trace: list[str] = []
        self._shop = shop
        self._seed = seed
        self._rate = rate
        self._expires = expires
        self._asked: Counter[tuple[str, int]] = Counter()
        self._answers = 0

    async def read(self, key: str, offset: int, length: int) -> AsyncIterator[bytes]:
        self._answers += 1
        if self._expires is not None and self._answers > self._expires:
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
