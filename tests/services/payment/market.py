"""Payment among others: catalog, library and account answer from small real gRPC servers of their contracts."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import grpc.aio
from google.protobuf.timestamp_pb2 import Timestamp

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.kit.money import Money
from samovar.services.account.contract import v1_pb2 as account
from samovar.services.account.contract.v1_pb2_grpc import (
    FriendsServicer,
    ProfilesServicer,
    add_FriendsServicer_to_server,
    add_ProfilesServicer_to_server,
)
from samovar.services.catalog.contract import v1_pb2 as catalog
from samovar.services.catalog.contract.v1_pb2_grpc import (
    PackagesServicer,
    PricingServicer,
    add_PackagesServicer_to_server,
    add_PricingServicer_to_server,
)
from samovar.services.library.contract import v1_pb2 as library
from samovar.services.library.contract.v1_pb2_grpc import LicencesServicer, add_LicencesServicer_to_server
from samovar.services.payment.app import service
from samovar.testing.hosting import Answer, Running, running
from samovar.testing.issuer import Issuer

WHOLE = 100


class Package:
    """A package of the shop; every attribute may be changed."""

    def __init__(self, amount: int, **fields: Any) -> None:
        self.id = uuid4()
        self.amount = amount
        self.currency: str = "RUB"
        self.percent: int = 0
        self.app_ids: list[UUID] = [uuid4()]
        self.organisation_id: UUID | None = uuid4()
        self.refusal: int | None = None
        self.age_rating: int = 0
        self.activatable: bool = True
        self.is_preorder: bool = False
        self.valid_until: datetime | None = None
        self.named: bool = True
        self.base_app_ids: list[UUID] = []
        for name, value in fields.items():
            assert hasattr(self, name), name
            setattr(self, name, value)


class Bundle:
    """A bundle of the shop."""

    def __init__(self, packages: list[Package], percent: int, kind: str) -> None:
        self.id = uuid4()
        self.packages = packages
        self.percent = percent
        self.kind = kind


class CatalogPeer(PricingServicer, PackagesServicer):
    """Catalog, as far as it is asked.

    Attributes:
        away: It refuses every call.
        asked: The requests for prices.
    """

    def __init__(self) -> None:
        self.packages: dict[str, Package] = {}
        self.bundles: dict[str, Bundle] = {}
        self.away = False
        self.asked: list[catalog.PriceItemsRequest] = []

    async def PriceItems(self, request: Any, context: Any) -> catalog.PriceItemsResponse:  # noqa: N802
        """Price items."""
        await self._answer(context)
        self.asked.append(request)
        owned = set(request.owned_app_ids)
        return catalog.PriceItemsResponse(items=[self._item(item, owned) for item in request.items])

    async def BatchGetPackages(self, request: Any, context: Any) -> catalog.BatchGetPackagesResponse:  # noqa: N802
        """Return packages."""
        await self._answer(context)
        known = {one: self.packages[one] for one in request.package_ids if one in self.packages}
        return catalog.BatchGetPackagesResponse(
            packages={
                one: catalog.Package(
                    organisation_id=str(package.organisation_id) if package.organisation_id else None,
                    age_rating=package.age_rating,
                )
                for one, package in known.items()
                if package.named
            }
        )

    async def CheckActivation(self, request: Any, context: Any) -> catalog.CheckActivationResponse:  # noqa: N802
        """Return what may be activated."""
        await self._answer(context)
        return catalog.CheckActivationResponse(
            activatable={
                one: self.packages[one].activatable for one in request.package_ids if one in self.packages
            }
        )

    async def _answer(self, context: Any) -> None:
        if self.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")

    def _item(self, item: Any, owned: set[str]) -> catalog.PricedItem:
        if item.WhichOneof("what") == "package_id":
            line = self._line(self.packages.get(item.package_id), item.package_id, 0, owned)
            refusal = line.refusal if line.HasField("refusal") else None
            return catalog.PricedItem(item=item, lines=[line], refusal=refusal, names={"ru": "Игра"})
        bundle = self.bundles.get(item.bundle_id)
        if bundle is None:
            return catalog.PricedItem(item=item, refusal=catalog.REFUSAL_NOT_FOUND)
        lines = [self._line(package, str(package.id), bundle.percent, owned) for package in bundle.packages]
        refused = [line.refusal for line in lines if line.HasField("refusal")]
        whole = None
        if len(refused) == len(lines):
            whole = refused[0]
        elif refused and bundle.kind == "must_purchase_together":
            whole = catalog.REFUSAL_INCOMPLETE
        return catalog.PricedItem(
            item=item, lines=lines, refusal=whole, bundle_percent=bundle.percent, bundle_kind=bundle.kind
        )

    @staticmethod
    def _line(package: Package | None, package_id: str, percent: int, owned: set[str]) -> catalog.PricedLine:
        if package is None:
            return catalog.PricedLine(package_id=package_id, refusal=catalog.REFUSAL_NOT_FOUND)
        app_ids = [str(app_id) for app_id in package.app_ids]
        refusal = catalog.REFUSAL_OWNED if owned.issuperset(app_ids) else package.refusal
        if refusal is not None:
            return catalog.PricedLine(
                package_id=package_id,
                app_ids=app_ids,
                refusal=refusal,  # type: ignore[arg-type]
            )
        base = Money(package.amount, package.currency)
        reduced = base.share(WHOLE - package.percent, WHOLE)
        final = reduced.share(WHOLE - percent, WHOLE)
        line = catalog.PricedLine(
            package_id=package_id,
            app_ids=app_ids,
            names={"ru": "Игра", "en": "A game"},
            base=_money(base),
            discount_percent=package.percent,
            reduced=_money(reduced),
            bundle_percent=percent,
            final=_money(final),
            region="RU",
            version=f"{final.amount:x}",
            is_preorder=package.is_preorder,
            base_app_ids=[str(app_id) for app_id in package.base_app_ids],
        )
        if package.valid_until:
            until = Timestamp()
            until.FromDatetime(package.valid_until)
            line.valid_until.CopyFrom(until)
        return line


class LibraryPeer(LicencesServicer):
    """Library, as far as it is asked: `owned` are pairs of account and app."""

    def __init__(self) -> None:
        self.owned: set[tuple[str, str]] = set()
        self.away = False

    async def BatchCheck(self, request: Any, context: Any) -> library.BatchCheckResponse:  # noqa: N802
        """Return what is owned."""
        if self.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")
        return library.BatchCheckResponse(
            holdings={
                app_id: library.Holding(owned=(request.account_id, app_id) in self.owned)
                for app_id in request.app_ids
            }
        )


class AccountPeer(FriendsServicer, ProfilesServicer):
    """Account, as far as it is asked.

    Attributes:
        relations: By the pair of account and other; everybody else is a stranger.
        levels: The age levels of those whose age is known.
        unknown: Who has no account; everybody else has one.
    """

    def __init__(self) -> None:
        self.relations: dict[tuple[str, str], account.Relation] = {}
        self.levels: dict[str, int] = {}
        self.unknown: set[str] = set()
        self.away = False

    async def BatchGetRelations(self, request: Any, context: Any) -> account.BatchGetRelationsResponse:  # noqa: N802
        """Return what others are to an account."""
        if self.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")
        return account.BatchGetRelationsResponse(
            relations={
                other: self.relations.get((request.account_id, other), account.Relation())
                for other in request.other_ids
            }
        )

    async def BatchGetProfiles(self, request: Any, context: Any) -> account.BatchGetProfilesResponse:  # noqa: N802
        """Return who people are."""
        if self.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")
        return account.BatchGetProfilesResponse(
            profiles={
                one: account.Profile(display_name="Игрок")
                for one in request.account_ids
                if one not in self.unknown
            }
        )

    async def BatchGetAgeLevels(self, request: Any, context: Any) -> account.BatchGetAgeLevelsResponse:  # noqa: N802
        """Return how old people are known to be."""
        if self.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")
        return account.BatchGetAgeLevelsResponse(
            levels={
                one: account.AgeLevel(level=self.levels[one], source="self")
                if one in self.levels
                else account.AgeLevel()
                for one in request.account_ids
            }
        )


class Market:
    """What a test does with payment and those around it."""

    def __init__(
        self, payment: Running, shop: CatalogPeer, licences: LibraryPeer, people: AccountPeer
    ) -> None:
        self.payment = payment
        self.catalog = shop
        self.library = licences
        self.people = people
        self.database = payment.database

    def package(self, amount: int = 100_000, **fields: Any) -> Package:
        """Put a package into the shop."""
        made = Package(amount, **fields)
        self.catalog.packages[str(made.id)] = made
        return made

    def bundle(self, *packages: Package, percent: int = 10, kind: str = "complete_the_set") -> Bundle:
        """Put a bundle into the shop."""
        made = Bundle(list(packages), percent, kind)
        self.catalog.bundles[str(made.id)] = made
        return made

    def own(self, account_id: UUID, app_ids: Iterable[UUID]) -> None:
        """Let somebody own apps."""
        self.library.owned |= {(str(account_id), str(app_id)) for app_id in app_ids}

    def befriend(self, one: UUID, other: UUID, *, blocking: bool = False) -> None:
        """Make two people friends."""
        told = account.Relation(friend=True, blocking=blocking)
        self.people.relations[str(one), str(other)] = self.people.relations[str(other), str(one)] = told

    async def ask(self, method: str, path: str, account_id: UUID | None = None, **more: Any) -> Answer:
        """Ask payment; a POST bears a new key unless it has one."""
        headers = {"Idempotency-Key": str(uuid4())} | more.pop("headers", {})
        return await self.payment.request(method, path, account_id=account_id, headers=headers, **more)

    async def quote(self, account_id: UUID, *items: dict[str, Any], **more: Any) -> Answer:
        """Ask what items cost."""
        headers = more.pop("headers", {})
        wish = {"items": list(items), "country": "RU"} | more
        return await self.ask("POST", "/v1/quotes", account_id, json=wish, headers=headers)


def of(package: Package, **more: Any) -> dict[str, Any]:
    """Return the wish for a package."""
    return {"package_id": str(package.id)} | {name: str(value) for name, value in more.items()}


def of_bundle(bundle: Bundle, **more: Any) -> dict[str, Any]:
    """Return the wish for a bundle."""
    return {"bundle_id": str(bundle.id)} | {name: str(value) for name, value in more.items()}


def faults(answer: Answer) -> dict[str, str]:
    """Return the fields at fault and why."""
    return {fault["field"]: fault["code"] for fault in answer.body["errors"]}


def _money(money: Money) -> catalog.Money:
    return catalog.Money(amount=money.amount, currency=money.currency)


@asynccontextmanager
async def trading(
    nats: NatsServer, *, postgres: PostgresServer, redis_url: str, issuer: Issuer, **settings: Any
) -> AsyncIterator[Market]:
    """Run payment among its peers."""
    shop, licences, people = CatalogPeer(), LibraryPeer(), AccountPeer()  # type: ignore[abstract]  # the rest is not asked
    server = grpc.aio.server()
    add_PricingServicer_to_server(shop, server)
    add_PackagesServicer_to_server(shop, server)
    add_LicencesServicer_to_server(licences, server)
    add_FriendsServicer_to_server(people, server)
    add_ProfilesServicer_to_server(people, server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    async with running(
        service,
        postgres=postgres,
        redis_url=redis_url,
        nats_url=nats.url,
        issuer=issuer,
        peers=dict.fromkeys(("catalog", "library", "account"), address),
        **settings,
    ) as started:
        yield Market(started, shop, licences, people)
    await server.stop(None)
