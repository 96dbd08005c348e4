"""A page is written whole, with its history, or refused with the name of the field; who has seen an old one changes nothing."""

import asyncio
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from samovar.kit.database import Database
from samovar.kit.errors import Conflict, InvalidInput, SamovarError
from samovar.services.catalog.apps.schemas import Written
from samovar.services.catalog.contract.events import AppChanged
from samovar.services.catalog.errors import AppNotFound, PageChanged, SlugTaken
from tests.services.catalog.pages import WRITER, name_creators, name_terms, page, publish, put, wish


class _Payload(msgspec.Struct):
    payload: str


async def _told(database: Database) -> list[AppChanged]:
    rows = await database.fetch(
        "SELECT payload::text AS payload FROM kit.outbox WHERE subject = $1 ORDER BY seq",
        AppChanged.subject,
        into=_Payload,
    )
    return [msgspec.json.decode(row.payload, type=AppChanged) for row in rows]


async def _fields_at_fault(database: Database, slug: str, **fields: Any) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        await publish(database, slug, **fields)
    assert await database.fetch_value("SELECT count(*) FROM apps WHERE slug = $1", slug) == 0
    return {fault.field: fault.code for fault in refused.value.fields}


async def test_a_page_is_kept_with_its_history_told_and_marked(own_database: Database) -> None:
    await name_terms(own_database, "tag", "farm", "cosy")
    await name_creators(own_database, "teahouse")
    document = page("tea-farm", tags=["farm", "cosy"], developers=["teahouse"], publishers=["teahouse"])
    first = await put(own_database, document)
    renamed = msgspec.structs.replace(document, title="Чайная ферма", tags=["cosy"], publishers=[])
    second = await put(own_database, renamed, app_id=first.app_id, expected_version=1, account_id=uuid4())

    assert (first.version, first.is_new, second.version, second.is_new) == (1, True, 2, False)
    assert [(event.version, event.title) for event in await _told(own_database)] == [
        (1, "Tea Farm"),
        (2, "Чайная ферма"),
    ]
    assert await own_database.fetch_value(
        "SELECT array_agg(document->>'title' ORDER BY version) FROM app_versions"
    ) == ["Tea Farm", "Чайная ферма"]
    assert await own_database.fetch_value("SELECT array_agg(tag) FROM app_tags") == ["cosy"]
    assert await own_database.fetch_value("SELECT array_agg(role) FROM app_creators") == ["developer"]
    assert await own_database.fetch_value("SELECT count(*) FROM search_changes") == 1


async def test_a_page_that_is_there_already_makes_no_version(own_database: Database) -> None:
    await put(own_database, page("same"), origin="demo", origin_key="1", popularity=1)
    again = await put(own_database, page("same"), origin="demo", origin_key="1", popularity=2)
    assert (again.version, again.is_changed) == (1, False)
    assert len(await _told(own_database)) == 1
    assert await own_database.fetch_value("SELECT popularity FROM apps") == 2


async def test_a_stale_version_changes_nothing(own_database: Database) -> None:
    first = await put(own_database, page("tea"))
    await put(own_database, page("tea", title="Второе"), app_id=first.app_id, expected_version=1)
    with pytest.raises(PageChanged):
        await put(own_database, page("tea", title="Третье"), app_id=first.app_id, expected_version=1)
    assert await own_database.fetch_value("SELECT title FROM apps") == "Второе"


async def test_of_two_who_have_seen_the_same_version_one_writes(own_database: Database) -> None:
    app_id = await publish(own_database, "tea")

    async def change(title: str) -> Written | PageChanged:
        try:
            return await put(own_database, page("tea", title=title), app_id=app_id, expected_version=1)
        except PageChanged as refused:
            return refused

    outcomes = await asyncio.gather(change("Один"), change("Два"))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["PageChanged", "Written"]
    assert await own_database.fetch_value("SELECT version FROM apps") == 2


async def test_of_two_new_pages_with_one_slug_one_is_made(own_database: Database) -> None:
    async def make() -> Written | SamovarError:
        try:
            return await put(own_database, page("tea"))
        except (Conflict, SlugTaken) as refused:
            return refused

    outcomes = await asyncio.gather(make(), make())
    assert sum(isinstance(outcome, Written) for outcome in outcomes) == 1
    assert await own_database.fetch_value("SELECT count(*) FROM apps") == 1


async def test_what_a_page_names_and_is_not_there_is_named_by_its_field(own_database: Database) -> None:
    await name_terms(own_database, "tag", "farm")
    faults = await _fields_at_fault(
        own_database,
        "tea",
        tags=["farm", "nothing"],
        genres=["farm"],
        series="nothing",
        developers=["nobody"],
        publishers=["nobody"],
    )
    assert faults == {
        "tags[1]": "term_unknown",
        "genres[0]": "term_unknown",
        "series": "term_unknown",
        "developers[0]": "creator_unknown",
        "publishers[0]": "creator_unknown",
    }


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"kind": "dlc"}, "base", "missing"),
        ({"kind": "dlc", "base": "nothing"}, "base", "base_unknown"),
        ({"kind": "dlc", "base": "bonus"}, "base", "base_unknown"),
        ({"kind": "tool", "base": "game"}, "base", "base_not_allowed"),
        ({"texts": {}}, "texts", "missing"),
        ({"title": "\u200b"}, "title", "unprintable"),
        ({"aliases": ["чай", "\u3164"]}, "aliases[1]", "unprintable"),
        (
            {"texts": {"ru": {"short_description": "а", "description": "б\0"}}},
            "texts.ru.description",
            "nul",
        ),
        ({"platforms": ["linux", "linux"]}, "platforms[1]", "twice"),
        ({"visible": {"only_in": ["RU", "XX"]}}, "visible.only_in[1]", "country_unknown"),
        ({"visible": {"except_in": ["ZZ"]}}, "visible.except_in[0]", "country_unknown"),
        (
            {"release": {"stage": "released", "on": "2026-01-01", "early_access_on": "2026-02-01"}},
            "release.early_access_on",
            "early_access_late",
        ),
    ],
)
async def test_a_page_that_breaks_a_rule_is_refused(
    own_database: Database, fields: dict[str, Any], field: str, code: str
) -> None:
    await publish(own_database, "game")
    await publish(own_database, "bonus", kind="dlc", base="game")
    assert (await _fields_at_fault(own_database, "tea", **fields)).get(field) == code


async def test_slug_and_kind_never_change_and_what_was_shown_is_no_draft_again(
    own_database: Database,
) -> None:
    app_id = await publish(own_database, "tea")
    with pytest.raises(InvalidInput) as refused:
        await put(own_database, page("coffee", kind="tool"), app_id=app_id, state="draft")
    assert {fault.field for fault in refused.value.fields} == {"slug", "kind", "state"}
    assert await own_database.fetch_value("SELECT version FROM apps") == 1


async def test_an_app_that_is_not_there_is_not_written(own_database: Database) -> None:
    with pytest.raises(AppNotFound):
        await put(own_database, page("tea"), app_id=uuid4())


async def test_of_many_pages_the_good_ones_are_written(own_database: Database) -> None:
    await publish(own_database, "taken")
    pages = [
        wish(page("bonus", kind="dlc", base="game")),
        wish(page("game")),
        wish(page("taken")),
        wish(page("game")),
        wish(page("lost", kind="dlc", base="refused")),
        wish(page("refused", tags=["nothing"])),
    ]
    async with own_database.transaction() as tx:
        outcomes = await WRITER.write_many(tx, pages)
    assert [type(outcome) for outcome in outcomes] == [
        Written,
        Written,
        SlugTaken,
        SlugTaken,
        InvalidInput,
        InvalidInput,
    ]
    assert await own_database.fetch_value("SELECT array_agg(slug ORDER BY slug) FROM apps") == [
        "bonus",
        "game",
        "taken",
    ]


async def test_votes_of_players_outlive_the_developers_list(own_database: Database) -> None:
    await name_terms(own_database, "tag", "farm")
    app_id = await publish(own_database, "tea", tags=["farm"])
    async with own_database.transaction() as tx:
        await tx.execute("UPDATE app_tags SET player_votes = 3")
    await put(own_database, page("tea"), app_id=app_id)
    assert await own_database.fetch_value("SELECT array_agg(weight) FROM app_tags") == [30]
