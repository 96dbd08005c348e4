"""The check finds nothing in payouts that are right, and each fault that is planted."""

from uuid import uuid4

import pytest

from samovar.services.payment.payouts.invariants import faults
from tests.services.payment.payouts.desk import Desk, finance


async def some_payouts(desk: Desk) -> None:
    """Leave one executed, one declined and one proposed."""
    first, second = uuid4(), uuid4()
    await desk.payee(first)
    await desk.earn(first, 12_200_00)
    await desk.approved()
    await desk.sending.send_due()
    desk.outside.settle("EXECUTED")
    await desk.go_on()
    await desk.payee(second)
    await desk.earn(second, 12_200_00)
    [proposed] = (await desk.propose()).payouts
    await desk.payouts.decline(finance(), proposed.id, "Ошиблись", await desk.once())
    await desk.propose()


async def test_right_payouts_have_no_faults(desk: Desk) -> None:
    await some_payouts(desk)
    assert await faults(desk.database) == []


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE payouts SET amount = amount - 1 WHERE status = 'executed'",
        "UPDATE payouts SET status = 'rejected' WHERE status = 'executed'",
        "UPDATE payouts SET status = 'executed', decided_by = gen_random_uuid(), closed_at = now() WHERE status = 'proposed'",
        "UPDATE payouts SET status = 'rejected', return_confirmed_by = gen_random_uuid() WHERE status = 'executed'",
        "UPDATE payouts SET status = 'proposed', closed_at = NULL, attempt = 9, period = '2026-01-01' WHERE status = 'declined'",
    ],
)
async def test_a_planted_fault_is_found(desk: Desk, harm: str) -> None:
    await some_payouts(desk)
    async with desk.database.transaction() as tx:
        await tx.execute(harm)
    assert {fault.invariant for fault in await faults(desk.database)} == {"L9"}
