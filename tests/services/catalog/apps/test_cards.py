"""A card tells an app in the reader's language, with its weightiest tags."""

from uuid import uuid4

from samovar.kit.database import Database
from samovar.services.catalog.apps import cards
from samovar.services.catalog.domain import TAGS_SHOWN_MAX
from tests.services.catalog.pages import name_terms, publish

PICTURE = "ab" * 32


async def test_a_card_is_in_the_language_of_the_reader(own_database: Database) -> None:
    texts = {
        "ru": {"title": "Чай", "short_description": "О чае"},
        "en": {"short_description": "About tea"},
    }
    app_id = await publish(own_database, "tea", texts=texts, platforms=["linux"])
    russian = (await cards.of(own_database, [app_id, uuid4()], "ru"))[app_id]
    english = (await cards.of(own_database, [app_id], "en"))[app_id]
    assert (russian.title, russian.short_description) == ("Чай", "О чае")
    assert (english.title, english.short_description) == ("Tea", "About tea")
    assert (russian.platforms, russian.capsule_url, str(russian.release_date)) == (
        ["linux"],
        None,
        "2026-01-15",
    )


async def test_the_other_language_speaks_where_one_is_silent(own_database: Database) -> None:
    app_id = await publish(
        own_database, "tea", texts={"en": {"title": "Tee", "short_description": "About tea"}}
    )
    card = (await cards.of(own_database, [app_id], "ru"))[app_id]
    assert (card.title, card.short_description) == ("Tea", "About tea")


async def test_a_card_shows_the_weightiest_tags_and_none_that_is_banned(own_database: Database) -> None:
    tags = [f"tag-{number:02}" for number in range(TAGS_SHOWN_MAX + 4)]
    await name_terms(own_database, "tag", *tags)
    app_id = await publish(own_database, "tea", tags=tags)
    async with own_database.transaction() as tx:
        await tx.execute("UPDATE app_tags SET weight = -1000 WHERE tag = 'tag-00'")
    shown = (await cards.of(own_database, [app_id], "ru"))[app_id].tags
    assert [tag.slug for tag in shown] == tags[1 : TAGS_SHOWN_MAX + 1]
    assert shown[0].name == "TAG-01"
