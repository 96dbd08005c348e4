"""What the adults of a family let somebody pay for. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.errors import FieldError
from samovar.services.payment.domain import OrderLine

Purchases = Literal["never", "approval", "free"]


class Allowance(msgspec.Struct, frozen=True):
    """What somebody may pay for.

    Attributes:
        purchases: Nothing, what an adult of the family has approved, or whatever they like.
        family_id: Whose child it is; none: nobody's, then purchases are free.
    """

    purchases: Purchases
    family_id: UUID | None = None


UNLIMITED = Allowance("free")


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """An adult's yes to one package for a child, good for one purchase.

    Attributes:
        account_id: The child.
        payer_id: The adult who said yes.
        expires_at: From then on it lets nothing through.
        order_id: The order that it last let through; where that ended unpaid, it is free for another one.
    """

    request_id: UUID
    family_id: UUID
    account_id: UUID
    payer_id: UUID
    package_id: UUID
    approved_at: datetime
    expires_at: datetime
    order_id: UUID | None = None


def faults_of_gifts(lines: Iterable[OrderLine]) -> list[FieldError]:
    """Return which lines no approval can be had for: an adult approves what the child itself gets."""
    return [
        FieldError(f"lines[{line.position}].recipient_id", "gift_not_allowed", "is for somebody else")
        for line in lines
        if line.is_gift
    ]


def match(
    lines: Iterable[OrderLine], approvals: Iterable[Approval], alive: Collection[UUID]
) -> tuple[Mapping[UUID, Approval], list[FieldError]]:
    """Return by line which approval lets it through, each for one line alone, and the lines for which there is none.

    Args:
        lines: Those of the new order.
        approvals: Those of the child that are valid, the oldest first.
        alive: Of the orders that approvals let through before, those that are not over unpaid.
    """
    free: dict[UUID, list[Approval]] = defaultdict(list)
    for approval in approvals:
        if approval.order_id is None or approval.order_id not in alive:
            free[approval.package_id].append(approval)
    used: dict[UUID, Approval] = {}
    faults = []
    for line in lines:
        if waiting := free[line.package_id]:
            used[line.id] = waiting.pop(0)
        else:
            faults.append(
                FieldError(
                    f"lines[{line.position}].package_id", "needs_approval", "an adult has to approve it"
                )
            )
    return used, faults
