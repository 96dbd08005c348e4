"""The shapes of ways to pay."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.money import Money
from samovar.services.payment.payments.instruments.domain import SavedMethod


class MethodView(msgspec.Struct, frozen=True, kw_only=True):
    """A way to pay that is open now.

    Attributes:
        least: The smallest amount; none for the wallet.
        most: The largest one.
        can_save: The instrument can be kept for next time.
    """

    method: str
    least: Money | None = None
    most: Money | None = None
    can_save: bool = False


class SavedMethodView(msgspec.Struct, frozen=True, kw_only=True):
    """A kept instrument as its owner sees it."""

    id: UUID
    method: str
    title: str
    created_at: datetime

    @classmethod
    def of(cls, saved: SavedMethod) -> "SavedMethodView":
        """Return an instrument without what stands for it."""
        return cls(id=saved.id, method=saved.method, title=saved.title, created_at=saved.created_at)


class PaymentMethodsView(msgspec.Struct, frozen=True, kw_only=True):
    """How one can pay.

    Attributes:
        saved: Instruments that were kept; they are paid with by `saved_method_id`.
    """

    methods: list[MethodView]
    saved: list[SavedMethodView]
