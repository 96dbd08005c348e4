"""Sides that want to hear nothing: where no room plans receipts or asks for refunds."""

from typing import Any


class Silence:
    """Hears everything and does nothing."""

    async def arrived(self, *_: Any, **__: Any) -> None:
        """Hear of money that went back."""

    async def refused(self, *_: Any, **__: Any) -> None:
        """Hear of a refusal."""

    async def topped_up(self, *_: Any, **__: Any) -> None:
        """Hear of an advance."""

    async def refund_settled(self, *_: Any, **__: Any) -> None:
        """Hear of money that went back by itself."""
