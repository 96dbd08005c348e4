"""Events of other services, as tests need them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from samovar.kit.money import Money
from samovar.services.account.contract.events import (
    FriendRequestClosed,
    FriendRequested,
    FriendshipBegun,
    ProfileChanged,
)
from samovar.services.catalog.contract.events import AppChanged, PackageChanged
from samovar.services.payment.contract.events import OrderFulfilled, OrderPaid, PaidLine

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def app_changed(
    app_id: UUID, *, title: str = "Ветер", stage: str = "released", version: int = 1
) -> AppChanged:
    """Return that a page reads otherwise."""
    return AppChanged(
        app_id=app_id,
        slug="veter",
        title=title,
        kind="game",
        state="published",
        stage=stage,
        age_rating=0,
        version=version,
        changed_at=NOW,
    )


def package_changed(package_id: UUID, app_id: UUID) -> PackageChanged:
    """Return that a package is offered on the page of an app."""
    return PackageChanged(
        package_id=package_id,
        slug="veter",
        app_id=app_id,
        app_ids=(app_id,),
        state="on_sale",
        version=1,
        changed_at=NOW,
    )


def profile_changed(account_id: UUID, name: str, *, version: int = 1) -> ProfileChanged:
    """Return that somebody is called otherwise."""
    return ProfileChanged(
        account_id=account_id,
        display_name=name,
        avatar_url="/v1/avatars/abc",
        version=version,
        changed_at=NOW,
    )


def order_paid(
    buyer: UUID,
    *,
    order_id: UUID | None = None,
    apps: tuple[UUID, ...] = (),
    is_preorder: bool = False,
    at: datetime = NOW,
) -> OrderPaid:
    """Return that an order is paid, a line for each app."""
    lines = tuple(
        PaidLine(
            line_id=uuid4(),
            package_id=uuid4(),
            app_ids=(app_id,),
            recipient_id=buyer,
            final=Money(50_000, "RUB"),
            is_preorder=is_preorder,
        )
        for app_id in apps or (uuid4(),)
    )
    return OrderPaid(
        order_id=order_id or uuid4(),
        account_id=buyer,
        country="RU",
        lines=lines,
        total=Money(50_000 * len(lines), "RUB"),
        paid_at=at,
        version=2,
    )


def order_fulfilled(buyer: UUID, order_id: UUID) -> OrderFulfilled:
    """Return that everything in an order was given."""
    return OrderFulfilled(
        order_id=order_id, account_id=buyer, fulfilled_at=NOW + timedelta(seconds=1), version=3
    )


def friend_requested(sender: UUID, recipient: UUID, *, version: int = 1) -> FriendRequested:
    """Return that somebody asks another to be friends."""
    return FriendRequested(
        request_id=uuid4(),
        sender_id=sender,
        recipient_id=recipient,
        relation_version=version,
        requested_at=NOW,
    )


def friend_request_closed(sender: UUID, recipient: UUID, *, version: int = 2) -> FriendRequestClosed:
    """Return that a request waits no longer."""
    return FriendRequestClosed(
        request_id=uuid4(),
        sender_id=sender,
        recipient_id=recipient,
        reason="canceled",
        relation_version=version,
        closed_at=NOW,
    )


def friendship_begun(sender: UUID, recipient: UUID, *, version: int = 2) -> FriendshipBegun:
    """Return that a request was accepted."""
    low, high = sorted((sender, recipient))
    return FriendshipBegun(
        account_ids=(low, high), accepted_by=recipient, relation_version=version, begun_at=NOW
    )
