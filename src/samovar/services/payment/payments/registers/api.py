"""REST, for staff: the registers of providers beside what payments say."""

from samovar.kit.errors import InvalidInput
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import get
from samovar.services.payment.payments.registers.domain import Register
from samovar.services.payment.payments.registers.use_cases import Registers

READ = "payment.registers.read"


@get(
    "/v1/admin/payments/registers",
    auth="staff",
    permissions=(READ,),
    raises=(InvalidInput,),
)
async def list_registers(
    registers: Registers,
    *,
    differing: bool = False,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[Register]:
    """List the days of providers' registers, the newest first, with what stands there and not here, or the other way; only the differing ones on request."""
    return await registers.show(differing=differing, cursor=cursor, limit=limit)
