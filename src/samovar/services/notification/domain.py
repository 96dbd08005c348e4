"""What people are told of, and what a story is. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

Category = Literal["orders", "library", "wishlist", "friends", "security", "developer"]

CATEGORIES: tuple[Category, ...] = ("orders", "library", "wishlist", "friends", "security", "developer")
# Whoever could mute these would not hear of a theft.
ALWAYS_TOLD: frozenset[Category] = frozenset({"security"})

# Of a release nobody is told twice, whether they want the game, follow its maker or have bought it.
RELEASE = "release"

KINDS: Mapping[str, Category] = {
    **dict.fromkeys(("order_paid", "order_fulfilled", "order_failed"), "orders"),
    **dict.fromkeys(("refund_started", "refund_settled"), "orders"),
    **dict.fromkeys(("gift_received", "gift_accepted", "gift_returned"), "orders"),
    **dict.fromkeys(("wallet_topped_up", "compensation_given"), "orders"),
    **dict.fromkeys(("licence_granted", "licence_revoked", "preorder_released"), "library"),
    **dict.fromkeys(
        ("discount_started", "game_released", "left_early_access", "creator_released"), "wishlist"
    ),
    **dict.fromkeys(("friend_requested", "friend_accepted", "family_invited"), "friends"),
    **dict.fromkeys(("signed_in", "sign_in_refused"), "security"),
    **dict.fromkeys(("credential_changed", "recovery_code_used", "account_held"), "security"),
    **dict.fromkeys(("submission_approved", "submission_returned", "submission_refused"), "developer"),
    **dict.fromkeys(("organisation_confirmed", "payee_changed"), "developer"),
    **dict.fromkeys(("payout_executed", "payout_rejected", "payout_returned"), "developer"),
}


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """Something that people are told of, as far as it has gone.

    Attributes:
        kind: What they read now, a key of `KINDS`; none: there is nothing to tell any more.
        topic: With `cause`: which story. An event that tells of the same one goes on with it.
        stage: How far the story has gone. One that is further already is not set back.
        app_id: Which game it is about, and so for the other ids.
        facts: What else the sentences name; nothing of another person.
        happened_at: When.
    """

    kind: str | None
    topic: str
    cause: UUID
    stage: int = 1
    app_id: UUID | None = None
    package_id: UUID | None = None
    person_id: UUID | None = None
    organisation_id: UUID | None = None
    facts: Mapping[str, Any] = {}
    happened_at: datetime

    @property
    def category(self) -> Category | None:
        """What a person mutes who does not want to hear of it; none for what is told always, and for what is taken back."""
        category = KINDS[self.kind] if self.kind else None
        return None if category in ALWAYS_TOLD else category
