"""What payment says of the personal data in its tables; a table with `account_id` alone needs no word here."""

from samovar.kit.personal_data import PersonalData, Table

_BOOKS = "402-ФЗ, article 29: the books are kept for five years"

HOLDINGS = PersonalData(
    tables=(
        Table(name="orders", kept_because=_BOOKS),
        Table(
            name="order_lines",
            person=("recipient_id",),
            kept_because=_BOOKS,
        ),
        Table(name="purchase_claims", kept_because=_BOOKS),
        # Who set the shares of the platform, and the details of whom it pays.
        Table(name="tier_tables", person=("actor_id",), kept_because=_BOOKS),
        Table(
            name="payouts",
            person=("proposed_by", "decided_by", "return_reported_by", "return_confirmed_by"),
            kept_because=_BOOKS,
        ),
        Table(name="payees", person=("keeper_id",), kept_because=_BOOKS),
        Table(name="payee_versions", person=("actor_id",), kept_because=_BOOKS),
        # An adult's yes to what a child asked for is both theirs, and ends with either of them.
        Table(name="purchase_approvals", person=("account_id", "payer_id"), exported_by=("account_id",)),
        # What somebody meant to give to a person goes with either of them.
        Table(name="cart_items", person=("account_id", "recipient_id"), exported_by=("account_id",)),
        Table(
            name="compensations",
            person=("account_id", "proposer_id", "decider_id"),
            exported_by=("account_id",),
            hidden=("proposer_id", "decider_id", "note", "decision"),
            becomes={"note": None, "decision": None},
            kept_because=_BOOKS,
        ),
        Table(
            name="chargebacks",
            kept_because=_BOOKS,
            becomes={"note": None},
            hidden=("actor_id", "decider_id", "note"),
        ),
        # Who of the staff decided about money that nobody sends back.
        Table(name="stuck_money_steps", person=("actor_id",), kept_because=_BOOKS),
        # How much a member of the staff gave: of their work, not of their person.
        Table(name="compensation_days", person=("actor_id",), kept_because=_BOOKS),
        Table(name="refunds", kept_because=_BOOKS, becomes={"note": None}, hidden=("actor_id",)),
        # What the sender said goes with either of the two; that there was a gift belongs to the order.
        Table(
            name="gifts", person=("sender_id", "recipient_id"), becomes={"message": None}, kept_because=_BOOKS
        ),
        # A code is its organisation's, whoever made it.
        Table(name="promo_codes", person=("actor_id",), kept_because=_BOOKS),
        # Ids alone: whoever is erased is nobody there. Handed over is what went through one's own wallet.
        Table(name="ledger_accounts", kept_because=_BOOKS),
        Table(
            name="ledger_transfers",
            person=("actor_id",),
            exported_from="wallet_entries",
            kept_because=_BOOKS,
        ),
        Table(
            name="receipts",
            person=("account_id", "actor_id"),
            exported_by=("account_id",),
            kept_because=_BOOKS,
        ),
        Table(name="payments", kept_because=_BOOKS),
        Table(name="top_ups", kept_because=_BOOKS),
        Table(name="saved_methods", hidden=("provider_token",)),
    ),
)
