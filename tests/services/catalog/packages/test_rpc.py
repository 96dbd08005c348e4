"""gRPC of packages, as payment and library call it."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.errors import InvalidInput
from samovar.kit.ids import new_id
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import PackagesStub
from samovar.services.catalog.domain import Availability
from samovar.services.catalog.schemas import Names
from samovar.testing.hosting import Running
from tests.services.catalog.packages.shelf import put_app, put_package


@pytest.fixture
async def packages(catalog: Running) -> AsyncIterator[Any]:
    async with catalog.channel() as channel:
        yield PackagesStub(channel)


async def test_a_package_tells_what_it_holds_and_where_it_holds(
    packages: Any, catalog_database: Database
) -> None:
    organisation_id = uuid4()
    game = await put_app(
        catalog_database, organisation_id=organisation_id, stage="coming_soon", age_rating=12
    )
    extra = await put_app(
        catalog_database, organisation_id=organisation_id, visible={"except_in": ["KZ"]}, age_rating=16
    )
    package_id = await put_package(
        catalog_database,
        game,
        extra,
        names=Names(ru="Набор", en="Set"),
        is_preorder=True,
        sold=Availability(only_in=["KZ", "RU"]),
        activatable=Availability(only_in=["KZ", "RU"]),
    )
    ask: dict[str, Any] = {"package_ids": [str(package_id), str(new_id())]}
    found = (await packages.BatchGetPackages(v1_pb2.BatchGetPackagesRequest(**ask, country="KZ"))).packages
    assert list(found) == [str(package_id)]
    package = found[str(package_id)]
    assert (package.app_id, list(package.app_ids)) == (str(game), [str(game), str(extra)])
    assert dict(package.names) == {"ru": "Набор", "en": "Set"}
    assert (package.organisation_id, package.state, package.age_rating) == (
        str(organisation_id),
        "on_sale",
        16,
    )
    assert (package.is_preorder, package.sold, package.activatable) == (True, False, True)
    found = (await packages.BatchGetPackages(v1_pb2.BatchGetPackagesRequest(**ask))).packages
    assert not found[str(package_id)].HasField("sold")
    for country, holds in (("RU", True), ("BY", False)):
        answer = await packages.CheckActivation(v1_pb2.CheckActivationRequest(**ask, country=country))
        assert dict(answer.activatable) == {str(package_id): holds}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"package_ids": ["1"], "country": "RU"}, "package_ids"),
        ({"package_ids": ["0" * 32] * 501, "country": "RU"}, "package_ids"),
        ({"package_ids": [], "country": "XX"}, "country"),
        ({"package_ids": [], "country": ""}, "country"),
    ],
)
async def test_nonsense_names_its_field(packages: Any, said: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await packages.CheckActivation(v1_pb2.CheckActivationRequest(**said))
    assert [fault.field for fault in refused.value.fields] == [field]
    with pytest.raises(InvalidInput):
        await packages.BatchGetPackages(v1_pb2.BatchGetPackagesRequest(**said))
