"""REST: profiles of people."""

from samovar.kit.identity import Caller
from samovar.kit.routes import get
from samovar.services.account.errors import AccountNotReady
from samovar.services.account.profiles.schemas import Me
from samovar.services.account.profiles.use_cases import Profiles


@get("/v1/accounts/me", auth="player", raises=(AccountNotReady,))
async def show_me(caller: Caller, profiles: Profiles) -> Me:
    """Show one's own account, with what only the person sees."""
    return await profiles.me(caller.account_id)
