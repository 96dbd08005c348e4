"""REST: a new set of recovery codes."""

from samovar.kit.identity import Caller
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, post
from samovar.services.auth.client import Client
from samovar.services.auth.errors import NoSecondFactor
from samovar.services.auth.recovery_codes.use_cases import RecoveryCodeSets
from samovar.services.auth.schemas import FRESH, RecoveryCodes


@post(
    "/v1/auth/recovery-codes",
    auth="player",
    step_up=FRESH,
    rate_limit=RateLimit(10, by="account"),
    raises=(NoSecondFactor,),
)
async def renew_recovery_codes(
    caller: Caller, request: Request, recovery_code_sets: RecoveryCodeSets
) -> RecoveryCodes:
    """Make ten new recovery codes; the old ones no longer work. They are shown this once.

    The second factor must have been given lately.
    """
    return await recovery_code_sets.renew(caller, Client.of(request))
