"""The declaration of payment."""

from samovar.kit.runtime import Service

service = Service(
    name="payment",
    summary="Money: quotes, orders, ledger, payments, refunds, receipts, payouts",
    package=__package__,
)
