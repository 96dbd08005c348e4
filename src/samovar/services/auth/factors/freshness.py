"""Whether somebody has proved lately, and surely enough, who they are: asked before what proves it is changed.

A thief may have a session, and even the password. So an account that has a second factor changes its credentials only after that
factor; the others after any proof.
"""

from datetime import datetime

from samovar.kit.identity import Caller, StepUpRequired
from samovar.services.auth.domain import AAL1, AAL2
from samovar.services.auth.repository import Account
from samovar.services.auth.schemas import FRESH


def require_proof(caller: Caller, account: Account, now: datetime) -> None:
    """Refuse a caller whose last proof is too old or too weak for this account.

    Raises:
        StepUpRequired: It is.
    """
    acr = AAL2 if account.second_factors else AAL1
    age = now - caller.auth_time
    if age.total_seconds() > FRESH.max_age_s or caller.acr < acr:
        raise StepUpRequired(max_age_s=FRESH.max_age_s, acr=acr)
