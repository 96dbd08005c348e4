"""Money: quotes, orders, ledger, payments, refunds, receipts, payouts."""
