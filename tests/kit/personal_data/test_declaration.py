"""What is taken for said of a table, and what must be said."""

import pytest

from samovar.kit.database import Database
from samovar.kit.personal_data import PersonalData, Table
from samovar.kit.personal_data.declaration import Holding, Undeclared


async def make(database: Database, *statements: str) -> None:
    async with database.transaction() as tx:
        for statement in statements:
            await tx.execute(statement)


async def test_a_table_with_an_account_needs_no_word_and_its_secrets_stay(database: Database) -> None:
    await make(
        database,
        "CREATE TABLE keys (id uuid, account_id uuid, label text, token_hash text, seed text, blob bytea, body_sealed text)",
        "CREATE TABLE weather (day date, degrees int)",
    )
    holding = await Holding.read(database, PersonalData())
    assert [table.name for table in holding.tables] == ["keys"]
    assert holding.shown["keys"] == ("id", "account_id", "label")


@pytest.mark.parametrize(
    "column", ["owner_id", "recipient_id", "email", "contact_phone", "login", "last_address", "display_name"]
)
async def test_a_table_that_looks_personal_must_say_what_becomes_of_it(
    database: Database, column: str
) -> None:
    await make(database, f"CREATE TABLE notes (id int, {column} text)")
    with pytest.raises(Undeclared, match=f"notes has {column}"):
        await Holding.read(database, PersonalData())
    assert (await Holding.read(database, PersonalData(impersonal=("notes",)))).tables == ()


async def test_a_declared_table_that_is_not_there_is_a_mistake(database: Database) -> None:
    with pytest.raises(Undeclared, match="there is no table gone"):
        await Holding.read(database, PersonalData(tables=(Table(name="gone"),)))


@pytest.mark.parametrize("name", ['x"; DROP TABLE y; --', "X", "", "a b"])
def test_names_alone_go_into_sql(name: str) -> None:
    with pytest.raises(ValueError, match="names of tables and columns alone"):
        Table(name=name)


async def test_a_declared_view_that_is_not_there_is_a_mistake(database: Database) -> None:
    await make(database, "CREATE TABLE pairs (low_id uuid, high_id uuid)")
    table = Table(name="pairs", person=("low_id", "high_id"), exported_from="sides")
    with pytest.raises(Undeclared, match="there is no view sides"):
        await Holding.read(database, PersonalData(tables=(table,)))
