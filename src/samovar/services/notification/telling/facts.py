"""Facts as they are kept beside a story: plain JSON, which `inbox/rendering` reads again."""

from uuid import UUID

from samovar.kit.money import Money


def money(amount: Money) -> dict[str, object]:
    """Return a sum, to be kept."""
    return {"amount": amount.amount, "currency": amount.currency}


def order_facts(order_id: UUID, total: Money, lines: int) -> dict[str, object]:
    """Return what is kept of an order.

    Args:
        order_id: Where the notification leads.
        total: What was paid.
        lines: How many lines it has; the first one is named.
    """
    return {"order_id": str(order_id), "amount": money(total), "others": max(0, lines - 1)}
