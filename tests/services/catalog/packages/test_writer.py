"""Packages: written many at once, within the rules."""

from typing import Any
from uuid import uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.errors import InvalidInput
from samovar.kit.ids import new_id
from samovar.services.catalog.domain import Availability
from samovar.services.catalog.packages import offers, repository
from samovar.services.catalog.packages.errors import (
    OfferSlugTaken,
    PackageNotFound,
    PackageSold,
    StandardTaken,
)
from samovar.services.catalog.packages.writer import PackageWrite
from samovar.services.catalog.schemas import Names
from tests.services.catalog.packages.shelf import package_of, put_app, put_package, writer


async def _write(database: Database, *packages: PackageWrite) -> list[Any]:
    async with database.transaction() as tx:
        return await writer.write(tx, packages)


async def _events(database: Database, subject: str) -> int:
    count: int = await database.fetch_value(
        "SELECT count(*) FROM kit.outbox WHERE subject = 'samovar.catalog.v1.' || $1", subject
    )
    return count


async def test_packages_are_written_together_and_shown_in_their_places(own_database: Database) -> None:
    game, soundtrack = await put_app(own_database), await put_app(own_database)
    deluxe, standard = await _write(
        own_database,
        package_of(game, soundtrack, place=1),
        package_of(game, names=Names(ru="Игра", en="Game")),
    )
    found = await offers.of(own_database, [game, soundtrack], "RU")
    assert [offer.package_id for offer in found[game]] == [standard, deluxe]
    assert found[game][1].app_ids == (game, soundtrack)
    assert [offer.name("en") for offer in found[game]] == ["Game", "Комплект"]
    assert found[soundtrack] == []


async def test_what_stands_already_is_not_written_again(own_database: Database) -> None:
    write = package_of(await put_app(own_database))
    (package_id,) = await _write(own_database, write)
    for _ in range(2):
        assert await writer.ids(own_database, [write.slug, "no-such"]) == {write.slug: package_id}
        again = PackageWrite(
            **{name: getattr(write, name) for name in write.__struct_fields__} | {"package_id": package_id}
        )
        assert await _write(own_database, again) == [package_id]
    assert [package.version for package in await repository.packages(own_database, [package_id])] == [1]
    assert await _events(own_database, "package_changed") == 1
    assert await _events(own_database, "prices_changed") == 1


async def test_only_what_changes_who_may_buy_changes_prices(own_database: Database) -> None:
    game = await put_app(own_database)
    package_id = await put_package(own_database, game)
    slug = {"package_id": package_id}
    await _write(own_database, package_of(game, **slug, names=Names(ru="Иначе")))
    assert await _events(own_database, "prices_changed") == 1
    await _write(own_database, package_of(game, **slug, state="withdrawn"))
    assert await _events(own_database, "prices_changed") == 2
    assert await _events(own_database, "package_changed") == 3
    assert (await offers.of(own_database, [game], "RU"))[game] == []


async def test_the_first_sale_keeps_its_apps(own_database: Database) -> None:
    game, extra = await put_app(own_database), await put_app(own_database)
    package_id = await put_package(own_database, game, extra)
    async with own_database.transaction() as tx:
        await tx.execute("UPDATE packages SET first_sold_at = now() WHERE id = $1", package_id)
    with pytest.raises(PackageSold):
        await _write(own_database, package_of(game, package_id=package_id))
    more = await put_app(own_database)
    await _write(own_database, package_of(game, more, extra, package_id=package_id))
    assert (await offers.of(own_database, [game], "RU"))[game][0].app_ids == (game, more, extra)


async def test_a_page_has_one_standard_package_and_a_slug_one_package(own_database: Database) -> None:
    game = await put_app(own_database)
    first = package_of(game)
    await _write(own_database, first)
    with pytest.raises(StandardTaken):
        await _write(own_database, package_of(game))
    with pytest.raises(OfferSlugTaken):
        await _write(own_database, package_of(game, slug=first.slug, place=1))


async def test_nonsense_names_its_field_and_changes_nothing(own_database: Database) -> None:
    ours, foreign = await put_app(own_database), await put_app(own_database, organisation_id=uuid4())
    unknown = Availability(only_in=["RU", "ZZ"])
    with pytest.raises(InvalidInput) as refused:
        await _write(
            own_database,
            package_of(ours, foreign, new_id(), ours, sold=unknown),
            package_of(new_id(), activatable=Availability(except_in=["XX"])),
            package_of(ours, app_ids=()),
        )
    assert [(fault.field, fault.code) for fault in refused.value.fields] == [
        ("[0].sold.only_in[1]", "country_unknown"),
        ("[0].app_ids[1]", "app_foreign"),
        ("[0].app_ids[2]", "app_unknown"),
        ("[0].app_ids[3]", "repeated"),
        ("[1].activatable.except_in[0]", "country_unknown"),
        ("[1].app_id", "app_unknown"),
        ("[1].app_ids[0]", "app_unknown"),
        ("[2].app_ids", "too_short"),
    ]
    assert await own_database.fetch_value("SELECT count(*) FROM packages") == 0
    with pytest.raises(PackageNotFound):
        await _write(own_database, package_of(ours, package_id=new_id()))


async def test_a_package_is_not_sold_where_it_cannot_be_used(own_database: Database) -> None:
    game = await put_app(own_database)
    with pytest.raises(InvalidInput) as refused:
        await _write(own_database, package_of(game, activatable=Availability(except_in=["BY", "KZ"])))
    assert [(fault.field, fault.detail) for fault in refused.value.fields] == [
        ("activatable", "it would be sold without use in BY, KZ")
    ]
    two = Availability(only_in=["RU", "BY"])
    await _write(own_database, package_of(game, sold=two, activatable=Availability(except_in=["KZ"])))


async def test_what_was_shown_is_withdrawn_and_not_hidden(own_database: Database) -> None:
    game = await put_app(own_database)
    package_id = await put_package(own_database, game)
    with pytest.raises(InvalidInput) as refused:
        await _write(own_database, package_of(game, package_id=package_id, state="draft"))
    assert [fault.field for fault in refused.value.fields] == ["state"]
