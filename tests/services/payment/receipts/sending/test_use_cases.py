"""Receipts reach a register exactly once, through outages, lost answers and refusals."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from samovar.kit.database import Database
from samovar.kit.settings import Secret
from samovar.services.payment.receipts.sending.adapters import Registers
from samovar.services.payment.receipts.sending.documents import Seller
from samovar.services.payment.receipts.sending.use_cases import ATTEMPTS_MAX, Sending
from samovar.testing.clock import FakeClock
from samovar.testing.money import SimulatedMoney
from tests.services.payment.orders.making import NOW
from tests.services.payment.receipts.cashing import receipts, refunded, sold, topped_up

HOUR_S = 3_600.0


class Registry:
    """Sending against the simulated cash registers, at a time of its own."""

    def __init__(
        self, database: Database, money: SimulatedMoney, registers: Registers, clock: FakeClock
    ) -> None:
        self.database = database
        self.money = money
        self.clock = clock
        self.sending = Sending(
            database,
            registers=registers,
            seller=Seller(
                inn=money.settings["fiscal_inn"],
                email=money.settings["fiscal_email"],
                tax_system="osn",
                address="https://samovar.example",
                vat_regime="general",
            ),
            late_after=timedelta(hours=6),
            clock=clock,
        )

    async def run(self, turns: int = 3) -> None:
        """Let some turns of the job pass, an hour apart."""
        for _ in range(turns):
            await self.sending.send_due()
            self.clock.advance(HOUR_S)

    async def state(self, cause_id: UUID) -> str:
        """Return the state of the receipt of a cause."""
        [receipt] = await receipts(self.database, cause_id)
        return receipt.state


@pytest.fixture
async def registry(
    own_database: Database, money: SimulatedMoney, clock: FakeClock
) -> AsyncIterator[Registry]:
    clock.set(NOW)
    settings = money.settings
    async with Registers(
        url=settings["fiscal_url"],
        group=settings["fiscal_group"],
        login=settings["fiscal_login"],
        password=Secret(settings["fiscal_password"]),
    ) as registers:
        yield Registry(own_database, money, registers, clock)


async def test_every_kind_is_taken_and_registered_with_its_attributes(registry: Registry) -> None:
    database = registry.database
    order, [line, other] = await sold(database, NOW, 99_900, 49_950, wallet=10_000)
    top_up = await topped_up(database, NOW, 150_001)
    preorder, [later] = await sold(database, NOW, 30_000, later="is_preorder")
    refund = await refunded(database, NOW, order, {line.id: 99_900}, instrument=90_000, wallet=9_900)
    await registry.run()
    for cause in (order.id, top_up, preorder.id, refund):
        [receipt] = await receipts(database, cause)
        assert receipt.state == "registered", receipt.failure
        assert receipt.link
        assert receipt.number
        [taken] = await registry.money.receipts(f"{receipt.id}-1")
        assert taken["payload"]["total"] == receipt.total / 100
    [sent] = await registry.money.receipts(f"{(await receipts(database, order.id))[0].id}-1")
    items = sent["document"]["receipt"]["items"]
    assert items[0]["agent_info"] == {"type": "another"}
    assert items[0]["supplier_info"] == {"name": "Правообладатель", "inn": "000000000000"}
    assert [item["name"] for item in items] == [line.names["ru"], other.names["ru"]]
    assert later.is_preorder


async def test_the_rate_and_the_supplier_are_those_of_the_seller(registry: Registry) -> None:
    order, [line] = await sold(registry.database, NOW, 1_000)
    async with registry.database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO payees (organisation_id, version, legal_form, name, inn, kpp, ogrn, contract_number, contract_date, tax_regime,
                vat_regime, bik, bank_name, bank_number, keeper_id, changed_at)
            VALUES ($1, 1, 'company', 'ООО «Изба»', '7707083893', '770701001', '1027700132195', '1', '2026-01-01', 'general', 'general',
                '044525225', 'Банк', '40702810900000000001', $1, $2)
            """,
            line.organisation_id,
            NOW,
        )
        await tx.execute(
            "INSERT INTO payee_regimes VALUES ($1, $2, 'general')",
            line.organisation_id,
            NOW - timedelta(days=1),
        )
    await registry.run()
    [receipt] = await receipts(registry.database, order.id)
    [sent] = await registry.money.receipts(f"{receipt.id}-1")
    [item] = sent["document"]["receipt"]["items"]
    assert item["vat"] == {"type": "vat22"}
    assert item["supplier_info"] == {"name": "ООО «Изба»", "inn": "7707083893"}


@pytest.mark.parametrize(
    "fault", ["lost_answer", "error_500_after", "error_500", "down", "not_json", "too_many"]
)
async def test_an_answer_that_does_not_come_makes_no_second_receipt(registry: Registry, fault: str) -> None:
    top_up = await topped_up(registry.database, NOW, 5_000)
    await registry.money.fault("fiscal", fault, on="create")
    await registry.run(4)
    assert await registry.state(top_up) == "registered"
    [receipt] = await receipts(registry.database, top_up)
    assert len(await registry.money.receipts(f"{receipt.id}-1")) == 1


async def test_while_the_service_is_away_all_wait_and_nothing_is_lost(registry: Registry) -> None:
    causes = [await topped_up(registry.database, NOW, 5_000 + number) for number in range(7)]
    await registry.money.fault("fiscal", "down", times=1_000)
    await registry.run(3)
    assert [await registry.state(cause) for cause in causes] == ["planned"] * 7
    await registry.money.behave()
    await registry.run(3)
    assert [await registry.state(cause) for cause in causes] == ["registered"] * 7


async def test_what_a_register_refuses_is_handed_in_under_another_id_and_then_left_to_a_person(
    registry: Registry,
) -> None:
    top_up = await topped_up(registry.database, NOW, 5_000)
    await registry.money.fault("fiscal", "fail", on="create", times=2)
    await registry.run(8)
    [receipt] = await receipts(registry.database, top_up)
    assert (receipt.state, receipt.attempt) == ("registered", 3)
    other = await topped_up(registry.database, NOW, 5_000)
    await registry.money.fault("fiscal", "fail", on="create", times=100)
    await registry.run(2 * ATTEMPTS_MAX + 2)
    [refused] = await receipts(registry.database, other)
    assert (refused.state, refused.attempt) == ("refused", ATTEMPTS_MAX)
    assert refused.failure
    assert refused.next_try_at is None


async def test_what_the_service_does_not_take_is_refused_at_once(registry: Registry) -> None:
    top_up = await topped_up(registry.database, NOW, 5_000)
    async with registry.database.transaction() as tx:
        await tx.execute(
            "UPDATE receipts SET items = jsonb_set(items, '{0,amount}', '4999') WHERE cause_id = $1", top_up
        )
    await registry.run(2)
    [receipt] = await receipts(registry.database, top_up)
    assert receipt.state == "refused"
    assert "total" in (receipt.failure or "")


async def test_a_token_that_ran_out_is_fetched_anew(registry: Registry) -> None:
    first = await topped_up(registry.database, NOW, 5_000)
    await registry.run(2)
    await registry.money.control("DELETE", "/control/fiscal/tokens")
    second = await topped_up(registry.database, NOW, 5_000)
    await registry.run(2)
    assert [await registry.state(cause) for cause in (first, second)] == ["registered"] * 2


async def test_without_a_service_receipts_wait(own_database: Database, clock: FakeClock) -> None:
    clock.set(NOW)
    top_up = await topped_up(own_database, NOW, 5_000)
    silent = Sending(own_database, registers=None, seller=None, late_after=timedelta(hours=6), clock=clock)
    assert await silent.send_due() == 0
    await silent.measure()
    assert [one.state for one in await receipts(own_database, top_up)] == ["planned"]
