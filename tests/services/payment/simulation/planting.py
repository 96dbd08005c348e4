"""What a run stands on, and where a test may plant a fault."""

from typing import NamedTuple

from samovar.services.payment.compensations.use_cases import Compensations
from samovar.services.payment.orders import settling
from samovar.services.payment.orders.checkout.use_cases import Checkout
from samovar.services.payment.orders.fulfilment.use_cases import Fulfilment
from samovar.services.payment.payments.settling.order_purpose import OrderPurpose
from samovar.services.payment.payments.settling.purposes import Purpose
from samovar.services.payment.refunds.staff.use_cases import StaffRefunds
from tests.services.payment.simulation.outside.bank import SimulatedBank
from tests.services.payment.simulation.outside.provider import SimulatedProvider
from tests.services.payment.simulation.outside.register import SimulatedRegisters


class Planted(NamedTuple):
    """The parts of a run that may be others than the right ones."""

    provider: type[SimulatedProvider] = SimulatedProvider
    registers: type[SimulatedRegisters] = SimulatedRegisters
    bank: type[SimulatedBank] = SimulatedBank
    order_purpose: Purpose = OrderPurpose(settling)
    checkout: type[Checkout] = Checkout
    fulfilment: type[Fulfilment] = Fulfilment
    staff_refunds: type[StaffRefunds] = StaffRefunds
    compensations: type[Compensations] = Compensations
