"""Words and creators are written in one go; what is there keeps its id."""

import msgspec
import pytest

from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.errors import InvalidInput
from samovar.kit.ids import new_id
from samovar.services.catalog.apps import taxonomy
from samovar.services.catalog.apps.schemas import CreatorWrite, TermWrite
from samovar.services.catalog.contract.events import TermsChanged
from samovar.services.catalog.schemas import Names
from samovar.testing.hosting import Running


async def test_only_what_reads_otherwise_is_written_again(own_database: Database) -> None:
    farm = TermWrite(kind="tag", slug="farm", names=Names(ru="Ферма", en="Farm"))
    cosy = TermWrite(kind="tag", slug="cosy", names=Names(ru="Уют"))
    counts = []
    for terms in ([farm], [farm, cosy, cosy], []):
        async with own_database.transaction() as tx:
            counts.append(await taxonomy.put_terms(tx, terms))
    assert counts == [1, 1, 0]


async def test_what_keeps_lists_of_words_hears_of_new_ones_and_of_nothing_else(catalog: Running) -> None:
    tag = TermWrite(kind="tag", slug=f"farm-{new_id().hex}", names=Names(ru="Ферма"))
    genre = TermWrite(kind="genre", slug=f"farm-{new_id().hex}", names=Names(ru="Ферма"))
    before = len(await catalog.events(TermsChanged))
    for terms in ([tag, genre], [tag], [msgspec.structs.replace(tag, names=Names(ru="Хутор"))]):
        async with catalog.database.transaction() as tx:
            await taxonomy.put_terms(tx, terms)
    told = (await catalog.events(TermsChanged))[before:]
    assert [event.kinds for event in told] == [("genre", "tag"), ("tag",)]


async def test_a_creator_keeps_its_id_and_what_is_not_said_anew(own_database: Database) -> None:
    organisation = new_id()
    for creator in (
        CreatorWrite(slug="tea", name="Чайная", organisation_id=organisation, website="https://tea.example"),
        CreatorWrite(slug="tea", name="Чайная студия"),
    ):
        async with own_database.transaction() as tx:
            await taxonomy.put_creators(tx, [creator], clock=SystemClock(), new_id=new_id)
    assert (
        await own_database.fetch_value(
            "SELECT count(*) FROM creators WHERE name = 'Чайная студия' AND organisation_id = $1 AND website IS NOT NULL",
            organisation,
        )
        == 1
    )


async def test_a_name_that_shows_nothing_is_refused(own_database: Database) -> None:
    async with own_database.transaction() as tx:
        with pytest.raises(InvalidInput) as refused:
            await taxonomy.put_terms(tx, [TermWrite(kind="tag", slug="a", names=Names(ru="А", en="\u3164"))])
    assert [fault.field for fault in refused.value.fields] == ["[0].names.en"]
