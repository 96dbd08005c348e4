"""Keeping instruments as payments bring them, and paying with one that is kept."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.ids import IdSource
from samovar.services.payment.payments.domain import Payment
from samovar.services.payment.payments.instruments import repository
from samovar.services.payment.payments.instruments.domain import METHODS_MAX, TITLE_LENGTH_MAX, SavedMethod
from samovar.services.payment.providers.port import Instrument, PayMethod


async def is_kept(tx: Transaction, account_id: UUID, method_id: UUID, method: PayMethod) -> bool:
    """Return whether an account has kept this instrument, and pays with it by this method."""
    saved = await repository.find_method(tx, account_id, method_id)
    return saved is not None and saved.method == method


class Instruments:
    """The kept instruments, as payments use them."""

    def __init__(self, new_id: IdSource) -> None:
        self._new_id = new_id

    async def provider_of(self, tx: Transaction, payment: Payment) -> str | None:
        """Return the provider that keeps the instrument a payment is made with; none where it is made with none."""
        saved = await self._saved(tx, payment)
        return saved.provider if saved else None

    async def token_of(self, tx: Transaction, payment: Payment) -> str | None:
        """Return what stands for that instrument at the provider of the payment."""
        saved = await self._saved(tx, payment)
        return saved.provider_token if saved and saved.provider == payment.provider else None

    async def keep(self, tx: Transaction, payment: Payment, instrument: Instrument, now: datetime) -> None:
        """Keep what a payment was made with, where its owner asked for that."""
        if not payment.save_method or not payment.provider:
            return
        await repository.hold_account(tx, payment.account_id)
        await repository.insert_method(
            tx,
            SavedMethod(
                id=self._new_id(),
                account_id=payment.account_id,
                provider=payment.provider,
                method=payment.method,
                provider_token=instrument.token,
                title=instrument.title[:TITLE_LENGTH_MAX] or payment.method,
                created_at=now,
            ),
            METHODS_MAX,
        )

    async def _saved(self, tx: Transaction, payment: Payment) -> SavedMethod | None:
        method_id: UUID | None = payment.saved_method_id
        return await repository.find_method(tx, payment.account_id, method_id) if method_id else None
