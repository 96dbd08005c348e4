"""What is sold on a page: packages, their prices by region, discounts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from samovar.client.api.calls import Calls, path
from samovar.client.api.catalog import Money


class Package(msgspec.Struct, frozen=True):
    """What is sold; `state` is `draft`, `on_sale` or `withdrawn`, `place` 0 is the standard one."""

    id: str
    slug: str
    names: dict[str, str]
    place: int
    state: str
    is_preorder: bool = False


class _Packages(msgspec.Struct, frozen=True):
    items: list[Package] = []


class Region(msgspec.Struct, frozen=True):
    """Where a price may hold; `price_min` in minor units."""

    code: str
    currency: str
    price_min: int
    countries: list[str] = []


class _Regions(msgspec.Struct, frozen=True):
    items: list[Region] = []


class _Matrix(msgspec.Struct, frozen=True):
    prices: dict[str, Money]


class Prices(msgspec.Struct, frozen=True):
    """The prices of a package by region, and how the platform knows later which ones were seen."""

    prices: dict[str, Money]
    etag: str | None = None


class Discount(msgspec.Struct, frozen=True):
    """A discount; `state` is `waiting`, `scheduled`, `active`, `ended`, `canceled` or `lapsed`."""

    id: str
    package_id: str
    kind: str
    percent: int
    state: str
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    sale_id: str | None = None


class Discounts(msgspec.Struct, frozen=True):
    """A page of discounts, the latest first."""

    items: list[Discount] = []


class Objection(msgspec.Struct, frozen=True):
    """One rule that a wish breaks, in the reader's language, with the moment when it stands no longer."""

    field: str
    code: str
    detail: str


class Reduced(msgspec.Struct, frozen=True):
    """What a discount makes of a price."""

    base: Money
    final: Money


class Verdict(msgspec.Struct, frozen=True):
    """What would come of a wish."""

    is_allowed: bool
    starts_at: datetime
    ends_at: datetime
    objections: list[Objection] = []
    prices: dict[str, Reduced] = {}


class Sale(msgspec.Struct, frozen=True):
    """A sale of the whole store; packages join until `join_until`."""

    id: str
    names: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    join_until: datetime


class _Sales(msgspec.Struct, frozen=True):
    items: list[Sale] = []


class Offers:
    """Calls of catalog about the packages of one app's page: its editions."""

    def __init__(self, calls: Calls, app_id: str) -> None:
        self._calls = calls
        self._app_id = app_id
        self._at = path("/v1/dev/apps/{id}/packages", id=app_id)

    async def list(self) -> "list[Package]":
        """Return all packages in their places."""
        return (await self._calls.get(_Packages, self._at)).items

    async def put_on_sale(self, slug: str, names: dict[str, str]) -> Package:
        """Make the standard package, with the app alone in it, and put it on sale."""
        return await self.make(slug, names, [self._app_id], 0)

    async def make(self, slug: str, names: dict[str, str], app_ids: Sequence[str], place: int) -> Package:
        """Make a package and put it on sale; it can be bought once it has a price."""
        body = {"slug": slug, "names": names, "app_ids": [*app_ids], "place": place, "state": "on_sale"}
        return (await self._calls.send("POST", self._at, body)).read(Package)

    async def move(self, package_id: str, state: str) -> None:
        """Take a package off sale (`withdrawn`), or put it there (`on_sale`)."""
        await self._calls.send("PATCH", path("/v1/dev/packages/{id}", id=package_id), {"state": state})


class Selling:
    """Calls of catalog about what is sold on the page of one app."""

    def __init__(self, calls: Calls, app_id: str) -> None:
        self._calls = calls
        self._app_id = app_id

    async def regions(self) -> list[Region]:
        """Return where prices may hold."""
        return (await self._calls.get(_Regions, "/v1/price-regions")).items

    async def prices(self, package_id: str) -> Prices:
        """Return the prices of a package without discounts."""
        reply = await self._calls.send("GET", f"{self._at('prices')}?package_id={package_id}")
        return Prices(reply.read(_Matrix).prices, reply.etag)

    async def set_prices(self, package_id: str, prices: dict[str, Money], *, seen: str | None) -> Prices:
        """Set all prices of a package from now on."""
        at = f"{self._at('prices')}?package_id={package_id}"
        reply = await self._calls.send("PUT", at, {"prices": prices}, if_match=seen)
        return Prices(reply.read(_Matrix).prices, reply.etag)

    async def discounts(self) -> list[Discount]:
        """Return the latest discounts on the page."""
        return (await self._calls.get(Discounts, self._at("discounts"), {"limit": "50"})).items

    async def sales(self) -> list[Sale]:
        """Return the sales of the store that hold or are to come, the next one first."""
        return (await self._calls.get(_Sales, "/v1/sales")).items

    async def preview(self, wish: dict[str, Any]) -> Verdict:
        """Return what would come of a discount; nothing changes."""
        return (await self._calls.send("POST", f"{self._at('discounts')}/preview", wish)).read(Verdict)

    async def plan(self, wish: dict[str, Any]) -> Discount:
        """Plan a discount, or begin it at once."""
        return (await self._calls.send("POST", self._at("discounts"), wish)).read(Discount)

    async def call_off(self, discount_id: str) -> None:
        """Call a discount off."""
        await self._calls.send("DELETE", f"{self._at('discounts')}/{discount_id}")

    def _at(self, what: str) -> str:
        return path("/v1/dev/apps/{id}/{what}", id=self._app_id, what=what)
