"""`samovar ledger`: the books are checked from the command line."""

from argparse import ArgumentParser
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from samovar.cli import ledger
from samovar.embedded.postgres import PostgresServer
from samovar.kit.database import Database
from samovar.kit.migrations import migrate
from samovar.kit.money import Money
from samovar.kit.settings import Secret
from samovar.services.payment.app import service
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.chain import blocks
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
async def books(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """Return the database that the command is told of, with one transfer in its books."""
    url = await postgres.create(f"payment_{uuid4().hex[:12]}")
    await migrate(Secret(url), service.migrations)
    monkeypatch.setenv("SAMOVAR_PAYMENT__DATABASE_URL", url)
    monkeypatch.setenv("SAMOVAR_PAYMENT__SIGNING_SECRET", "a secret of the tests, longer than it must be")
    database = await Database.open(Secret(url), service="payment", pool_size_min=0, pool_size_max=2)
    cause = uuid4()
    paid = Transfer(
        id=leg_id(cause, "capture"),
        debit=Account(Kind.CLEARING, "yookassa"),
        credit=Account(Kind.PREPAID),
        amount=Money(129_900, "RUB"),
        code="capture",
        cause_id=cause,
    )
    async with database.transaction() as tx:
        await posting.post(tx, [paid], now=NOW)
    await blocks.extend(database, now=NOW)
    yield database
    await database.close()


async def run(*words: str) -> int:
    parser = ArgumentParser()
    ledger.add_arguments(parser)
    return await ledger.work(parser.parse_args(words))


async def harm(database: Database, sql: str) -> None:
    async with database.transaction() as tx:
        await tx.execute("ALTER TABLE ledger_transfers DISABLE TRIGGER ledger_transfers_are_append_only")
        await tx.execute(sql)
        await tx.execute("ALTER TABLE ledger_transfers ENABLE TRIGGER ledger_transfers_are_append_only")


async def test_right_books_pass(books: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run("check") == 0
    assert await run("verify") == 0
    out = capsys.readouterr().out
    assert "the books are right" in out
    assert "1 transfers in 1 blocks" in out
    assert (await blocks.verify(books)).head in out


async def test_a_fault_is_a_line_and_the_exit_code(
    books: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await harm(books, "UPDATE ledger_transfers SET amount = 99900")
    assert await run("check") == 1
    assert "L3  account prepaid::RUB: its sum in the chain is" in capsys.readouterr().out
    assert await run("verify") == 1
    assert "is not as it was put into block 1" in capsys.readouterr().out


async def test_any_account_can_be_looked_at(books: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert books.service == "payment"
    assert await run("balance", "prepaid::RUB") == 0
    assert "credits_posted                 129900" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["prepaid", "nothing::RUB", "wallet:a:b:c"])
def test_a_name_that_is_none_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = ArgumentParser()
    ledger.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["balance", text])
    assert "invalid account value" in capsys.readouterr().err
