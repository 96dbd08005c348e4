"""Asks catalog what things cost, what they are, and where they may be activated."""

from collections.abc import Awaitable, Collection, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from samovar.kit.errors import DeadlineExceeded, Unavailable
from samovar.kit.money import Money
from samovar.kit.rpc.client import Peers
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import PackagesStub, PricingStub
from samovar.services.payment.asking.domain import PricedItem, PricedLine, Sold, Wanted
from samovar.services.payment.asking.errors import CatalogAway

TIMEOUT_S = 1.5

T = TypeVar("T")


class Catalog:
    """Asks catalog. Every method raises `CatalogAway` when it does not answer in time."""

    def __init__(self, peers: Peers) -> None:
        channel = peers.channel("catalog")
        self._pricing = PricingStub(channel)
        self._packages = PackagesStub(channel)

    async def price(
        self,
        items: Sequence[Wanted],
        *,
        country: str,
        account_id: UUID,
        activation_country: str | None = None,
        owned_app_ids: Collection[UUID] = (),
    ) -> list[PricedItem]:
        """Return what each item costs somebody, in the same order.

        Args:
            items: At most 100.
            country: Where it is bought.
            account_id: Who will have it.
            activation_country: Where it will be activated; none: where it is bought.
            owned_app_ids: What they own besides what catalog knows of.
        """
        request = v1_pb2.PriceItemsRequest(
            items=[
                v1_pb2.PriceItem(package_id=str(item.package_id))
                if item.package_id
                else v1_pb2.PriceItem(bundle_id=str(item.bundle_id))
                for item in items
            ],
            country=country,
            account_id=str(account_id),
            owned_app_ids=[str(app_id) for app_id in owned_app_ids],
            activation_country=activation_country,
        )
        answer = await _answered(self._pricing.PriceItems(request, timeout=TIMEOUT_S))
        if len(answer.items) != len(items):
            raise CatalogAway(f"{len(answer.items)} prices of {len(items)} items")
        return [_item(item) for item in answer.items]

    async def packages(self, package_ids: Collection[UUID]) -> dict[UUID, Sold]:
        """Return what these packages are, at most 500; unknown ones are left out."""
        request = v1_pb2.BatchGetPackagesRequest(package_ids=[str(package_id) for package_id in package_ids])
        answer = await _answered(self._packages.BatchGetPackages(request, timeout=TIMEOUT_S))
        return {
            UUID(package_id): Sold(
                UUID(package.organisation_id) if package.HasField("organisation_id") else None,
                package.age_rating,
            )
            for package_id, package in answer.packages.items()
        }

    async def is_activatable(self, package_id: UUID, country: str) -> bool:
        """Return whether a licence of a package may be activated in a country."""
        request = v1_pb2.CheckActivationRequest(package_ids=[str(package_id)], country=country)
        answer = await _answered(self._packages.CheckActivation(request, timeout=TIMEOUT_S))
        return bool(answer.activatable.get(str(package_id)))


async def _answered(call: Awaitable[T]) -> T:
    try:
        return await call
    except (Unavailable, DeadlineExceeded) as error:
        raise CatalogAway(f"catalog: {error}", retry_after_s=error.retry_after_s or 1.0) from error


def _item(item: v1_pb2.PricedItem) -> PricedItem:
    return PricedItem(
        lines=tuple(_line(line) for line in item.lines),
        names=dict(item.names),
        refusal=_refusal(item.refusal) if item.HasField("refusal") else None,
        bundle_kind=item.bundle_kind if item.HasField("bundle_kind") else None,
        valid_until=_moment(item.valid_until) if item.HasField("valid_until") else None,
    )


def _line(line: v1_pb2.PricedLine) -> PricedLine:
    return PricedLine(
        package_id=UUID(line.package_id),
        app_ids=tuple(UUID(app_id) for app_id in line.app_ids),
        names=dict(line.names),
        refusal=_refusal(line.refusal) if line.HasField("refusal") else None,
        base=_money(line.base) if line.HasField("base") else None,
        discount_percent=line.discount_percent,
        reduced=_money(line.reduced) if line.HasField("reduced") else None,
        bundle_percent=line.bundle_percent,
        final=_money(line.final) if line.HasField("final") else None,
        region=line.region,
        version=line.version,
        is_preorder=line.is_preorder,
        base_app_ids=tuple(UUID(app_id) for app_id in line.base_app_ids),
        valid_until=_moment(line.valid_until) if line.HasField("valid_until") else None,
    )


def _refusal(refusal: v1_pb2.Refusal.ValueType) -> str:
    """Return the reason as a code; one that is newer than this release is none that we can explain."""
    if refusal == v1_pb2.REFUSAL_UNSPECIFIED or refusal not in v1_pb2.Refusal.values():
        return "not_on_sale"
    return v1_pb2.Refusal.Name(refusal).removeprefix("REFUSAL_").lower()


def _money(money: v1_pb2.Money) -> Money:
    return Money(money.amount, money.currency)


def _moment(timestamp: Timestamp) -> datetime:
    return timestamp.ToDatetime(UTC)
