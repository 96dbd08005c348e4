"""A month's act says what happened to the kopeck, and never says it otherwise."""

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.kit.identity import RoleGrant
from samovar.services.payment.payouts.errors import PayeeNotFound, StatementNotFound
from samovar.services.payment.payouts.statements import page, tables
from samovar.services.payment.payouts.statements.domain import number_in_words, words_of
from samovar.services.payment.payouts.statements.schemas import Seller
from samovar.services.payment.payouts.statements.use_cases import Statements
from samovar.services.payment.revenue.reversal import reverse
from tests.services.payment.payouts.desk import NOVEMBER, NOW, RIGHTS, Desk, caller
from tests.services.payment.revenue.selling import StillClock, delivered, splitter_of


def acts(desk: Desk) -> Statements:
    return Statements(
        desk.database,
        rights=RIGHTS,
        seller=Seller(name="ООО «Самовар»", inn="7707083893"),
        vat_regime="general",
        clock=desk.clock,
    )


async def sold(desk: Desk, studio: UUID) -> None:
    """Sell two, give back half of the third of one, keep a tenth back, and pay out in December."""
    order, lines = await delivered(desk.database, 122_00, 12_200_00, organisations=(studio,), now=NOVEMBER)
    await splitter_of(desk.database, StillClock(NOVEMBER), reserve_percent=10).split_batch()
    async with desk.database.transaction() as tx:
        await reverse(
            tx,
            order=order,
            line=min(lines, key=lambda line: line.final),
            amount=61_00,
            refund_id=uuid4(),
            now=NOVEMBER + timedelta(days=2),
        )


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Ноль рублей 00 копеек"),
        (1, "Ноль рублей 01 копейка"),
        (102, "Один рубль 02 копейки"),
        (122_05, "Сто двадцать два рубля 05 копеек"),
        (11_11, "Одиннадцать рублей 11 копеек"),
        (21_21, "Двадцать один рубль 21 копейка"),
        (1_000_00, "Одна тысяча рублей 00 копеек"),
        (2_014_50, "Две тысячи четырнадцать рублей 50 копеек"),
        (5_112_00, "Пять тысяч сто двенадцать рублей 00 копеек"),
        (1_000_000_00, "Один миллион рублей 00 копеек"),
        (
            342_871_631_94,
            "Триста сорок два миллиона восемьсот семьдесят одна тысяча шестьсот тридцать один рубль 94 копейки",
        ),
        (2_000_000_000_00, "Два миллиарда рублей 00 копеек"),
    ],
)
def test_money_is_written_in_words(amount: int, words: str) -> None:
    assert words_of(amount) == words


def test_what_nobody_has_is_not_written_in_words() -> None:
    for amount in (-1, 10**17):
        with pytest.raises(ValueError, match="words"):
            words_of(amount)
    assert number_in_words(10**12) == "один триллион"


async def test_an_act_adds_up(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await sold(desk, studio)
    own = caller("developer", grants=(RoleGrant("finance", studio),))
    statement = await acts(desk).show(own, studio, "2026-11")
    document = statement.document
    assert [(one.count, one.gross, one.tax, one.commission, one.developer) for one in document.sold] == [
        (1, 12_200_00, 2_200_00, 1_500_00, 8_500_00),
        (1, 122_00, 22_00, 15_00, 85_00),
    ]
    assert [(one.gross, one.tax, one.commission, one.developer) for one in document.refunded] == [
        (61_00, 11_00, 7_50, 42_50)
    ]
    assert (document.commission, document.commission_vat) == (1_507_50, 271_84)
    assert {one.code: one.amount for one in document.movements} == {
        "sale": 8_585_00,
        "refund": -42_50,
        "reserve": -858_50,
    }
    assert (document.opening, document.closing, document.reserve) == (0, 7_684_00, 858_50)


async def test_an_act_never_says_anything_else(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await sold(desk, studio)
    own = caller("developer", grants=(RoleGrant("finance", studio),))
    first = await acts(desk).show(own, studio, "2026-11")
    await desk.payee(studio, name="ООО «Иначе»")
    await desk.earn(studio, 12_200_00, at=NOVEMBER + timedelta(days=5))
    assert await acts(desk).show(own, studio, "2026-11") == first
    [listed] = (await acts(desk).list_own(own, studio, cursor=None, limit=10)).items
    assert (listed.number, listed.closing) == (first.number, 7_684_00)


async def test_the_next_month_begins_where_the_last_one_ended(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await sold(desk, studio)
    payout = await desk.approved()
    await desk.sending.send_due()
    desk.outside.settle("EXECUTED")
    await desk.go_on()
    assert (await desk.payouts.show(payout.id)).status == "executed"
    desk.clock.time = datetime(2027, 1, 1, 12, tzinfo=UTC)
    own = caller("developer", grants=(RoleGrant("owner", studio),))
    december = (await acts(desk).show(own, studio, "2026-12")).document
    assert (december.opening, december.closing) == (7_684_00, 0)
    assert [(one.code, one.amount) for one in december.movements] == [("payout", -7_684_00)]


async def test_a_month_that_is_not_over_or_in_which_nothing_happened_has_no_act(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await sold(desk, studio)
    own = caller("developer", grants=(RoleGrant("finance", studio),))
    for month in ("2026-12", "2026-10", "2030-01"):
        with pytest.raises(StatementNotFound):
            await acts(desk).show(own, studio, month)
    with pytest.raises(PayeeNotFound):
        await acts(desk).show(caller("developer"), studio, "2026-11")


async def test_acts_that_nobody_asked_for_are_made_once(desk: Desk) -> None:
    studios = [uuid4() for _ in range(3)]
    for studio in studios:
        await desk.payee(studio)
        await desk.earn(studio, 12_200_00)
    assert await acts(desk).issue_wanting() == 3
    assert await acts(desk).issue_wanting() == 0
    assert await desk.database.fetch_value("SELECT count(DISTINCT number) FROM statements") == 3


async def test_an_act_is_printed_and_tabled_with_nothing_that_runs(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio, name="ООО «<script>alert(1)</script>»")
    await sold(desk, studio)
    async with desk.database.transaction() as tx:
        await tx.execute("UPDATE order_lines SET names = $1", {"ru": '=HYPERLINK("<b>"),1'})
    own = caller("developer", grants=(RoleGrant("finance", studio),))
    statement = await acts(desk).show(own, studio, "2026-11")
    printed = page.page_of(statement).decode()
    assert "<script>" not in printed
    assert "<b>" not in printed
    assert "Всего к перечислению: Семь тысяч шестьсот восемьдесят четыре рубля 00 копеек." in printed
    assert f"Акт и отчёт агента № {statement.number} от" in printed
    rows = list(csv.DictReader(io.StringIO(tables.statement_csv(statement).decode("utf-8-sig"))))
    assert [row["developer"] for row in rows if row["kind"] in {"opening", "closing"}] == ["0.00", "7684.00"]
    assert {row["name"] for row in rows if row["kind"] == "sale"} == {'\'=HYPERLINK("<b>"),1'}


async def test_a_printed_act_names_the_form_once_and_begins_with_what_was_sold(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await sold(desk, studio)
    own = caller("developer", grants=(RoleGrant("finance", studio),))
    statement = await acts(desk).show(own, studio, "2026-11")
    printed = page.page_of(statement).decode()
    assert "Принципал: ООО «Изба Геймс», ИНН" in printed
    places = [
        printed.index(row) for row in ("Причитается принципалу с продаж", "Возвраты", "Удержано в резерв")
    ]
    assert places == sorted(places)
    document = statement.document
    named = msgspec.structs.replace(document.payee, name="Общество", legal_form="company")
    other = msgspec.structs.replace(statement, document=msgspec.structs.replace(document, payee=named))
    assert "Принципал: Общество (ООО), ИНН" in page.page_of(other).decode()


async def test_the_register_holds_what_was_approved(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    await desk.propose()
    assert await acts(desk).register("2026-11") == []
    async with desk.database.transaction() as tx:
        await tx.execute(
            "UPDATE payouts SET status = 'approved', decided_by = $1, decided_at = $2", uuid4(), NOW
        )
    lines = await acts(desk).register("2026-11")
    [row] = list(csv.DictReader(io.StringIO(tables.register_csv(lines).decode("utf-8-sig"))))
    assert (row["amount"], row["inn"], row["status"]) == ("8500.00", "7707083893", "approved")
