"""gRPC: what payment asks of prices."""

from collections.abc import Mapping
from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp
from grpc.aio import ServicerContext

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.money import Money
from samovar.kit.rpc.fields import read_id, read_ids, require_at_most
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import PricingServicer
from samovar.services.catalog.prices.quotes.domain import Line, Quoted, RefusalCode
from samovar.services.catalog.prices.quotes.use_cases import Quotes, Wanted

ITEMS_MAX = 100
OWNED_MAX = 10_000

_REFUSALS: dict[RefusalCode, v1_pb2.Refusal.ValueType] = {
    "not_found": v1_pb2.REFUSAL_NOT_FOUND,
    "not_on_sale": v1_pb2.REFUSAL_NOT_ON_SALE,
    "not_visible": v1_pb2.REFUSAL_NOT_VISIBLE,
    "not_sold": v1_pb2.REFUSAL_NOT_SOLD,
    "not_activatable": v1_pb2.REFUSAL_NOT_ACTIVATABLE,
    "not_released": v1_pb2.REFUSAL_NOT_RELEASED,
    "no_price": v1_pb2.REFUSAL_NO_PRICE,
    "age_restricted": v1_pb2.REFUSAL_AGE_RESTRICTED,
    "owned": v1_pb2.REFUSAL_OWNED,
    "incomplete": v1_pb2.REFUSAL_INCOMPLETE,
    "mixed_currencies": v1_pb2.REFUSAL_MIXED_CURRENCIES,
}


class PricingRpc(PricingServicer):
    """Answers line by line: what cannot be bought is a reason, never an error."""

    def __init__(self, quotes: Quotes) -> None:
        self._quotes = quotes

    async def PriceItems(  # noqa: N802  the name in the .proto
        self,
        request: v1_pb2.PriceItemsRequest,
        context: ServicerContext[v1_pb2.PriceItemsRequest, v1_pb2.PriceItemsResponse],  # noqa: ARG002  part of the signature
    ) -> v1_pb2.PriceItemsResponse:
        """Price packages and bundles."""
        require_at_most("items", len(request.items), ITEMS_MAX)
        quoted, priced_at = await self._quotes.price(
            [_wanted(place, item) for place, item in enumerate(request.items)],
            country=request.country,
            activation_country=request.activation_country if request.HasField("activation_country") else None,
            account_id=read_id("account_id", request.account_id) if request.HasField("account_id") else None,
            owned_app_ids=frozenset(read_ids("owned_app_ids", request.owned_app_ids, most=OWNED_MAX)),
        )
        return v1_pb2.PriceItemsResponse(
            items=[_item(item, one) for item, one in zip(request.items, quoted, strict=True)],
            priced_at=_timestamp(priced_at),
        )


def _wanted(place: int, item: v1_pb2.PriceItem) -> Wanted:
    field = f"items[{place}]"
    if item.WhichOneof("what") == "package_id":
        return Wanted("package", read_id(f"{field}.package_id", item.package_id))
    if item.WhichOneof("what") == "bundle_id":
        return Wanted("bundle", read_id(f"{field}.bundle_id", item.bundle_id))
    raise InvalidInput(fields=[FieldError(field, "missing", "a package or a bundle")])


def _item(item: v1_pb2.PriceItem, quoted: Quoted) -> v1_pb2.PricedItem:
    bundle = quoted.bundle
    named = bundle or next((line.package for line in quoted.lines if item.package_id), None)
    return v1_pb2.PricedItem(
        item=item,
        lines=[_line(line) for line in quoted.lines],
        total=_money(quoted.total),
        refusal=_REFUSALS[quoted.refusal] if quoted.refusal else None,
        bundle_percent=bundle.discount_percent if bundle else 0,
        bundle_kind=bundle.kind if bundle else None,
        valid_until=_timestamp(quoted.valid_until),
        names=_names(named.names) if named else {},
    )


def _line(line: Line) -> v1_pb2.PricedLine:
    price, package = line.price, line.package
    return v1_pb2.PricedLine(
        package_id=str(line.package_id),
        app_ids=[str(app.app_id) for app in package.apps] if package else [],
        names=_names(package.names) if package else {},
        refusal=_REFUSALS[line.refusal] if line.refusal else None,
        base=_money(price.base if price else None),
        discount_percent=price.discount_percent if price else 0,
        discount_id=str(price.discount_id) if price and price.discount_id else None,
        reduced=_money(price.final if price else None),
        bundle_percent=line.bundle_percent,
        final=_money(line.final),
        region=price.region if price else "",
        valid_until=_timestamp(price.valid_until if price else None),
        version=line.version,
        is_preorder=bool(
            package and package.is_preorder and any(app.stage == "coming_soon" for app in package.apps)
        ),
        base_app_ids=[str(app_id) for app_id in package.base_app_ids] if package else [],
    )


def _names(names: Mapping[str, str | None]) -> dict[str, str]:
    return {language: name for language, name in names.items() if name}


def _money(money: Money | None) -> v1_pb2.Money | None:
    return v1_pb2.Money(amount=money.amount, currency=money.currency) if money else None


def _timestamp(moment: datetime | None) -> Timestamp | None:
    if moment is None:
        return None
    timestamp = Timestamp()
    timestamp.FromDatetime(moment)
    return timestamp
