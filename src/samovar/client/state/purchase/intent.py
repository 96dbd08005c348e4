"""One intention of the player that moves money or things: however often it is sent, it happens once."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec

from samovar.client.api.calls import new_key
from samovar.sdk.errors import Refused

T = TypeVar("T")
_DIGEST_BYTES = 8


class Intent:
    """Keeps the key of an intention.

    The key is the same while nobody knows what became of a call. It is another one when what is wanted has changed, since the platform
    would call that a mismatch, and after a refusal, since the platform would only repeat it.
    """

    def __init__(self, make_key: Callable[[], str] = new_key) -> None:
        self._make_key = make_key
        self._key = make_key()

    async def send(self, work: Callable[[str], Awaitable[T]], *wanted: object) -> T:
        """Do something by its key; `wanted` is all that it depends on.

        Raises:
            SdkError: What the work raises.
        """
        digest = hashlib.blake2b(msgspec.json.encode(wanted), digest_size=_DIGEST_BYTES).hexdigest()
        try:
            return await work(f"{self._key}-{digest}")
        except Refused:
            self._key = self._make_key()
            raise

    def over(self) -> None:
        """What was wanted has happened: the same once more is wanted anew."""
        self._key = self._make_key()
