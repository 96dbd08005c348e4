"""REST: the programs that one lets know something."""

from samovar.kit.errors import NotFound
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import delete, get
from samovar.services.auth.consents.schemas import ConsentedClient
from samovar.services.auth.consents.use_cases import Consents


@get("/v1/auth/consented-clients", auth="player")
async def list_consented_clients(
    caller: Caller, client_consents: Consents, limit: Limit = LIMIT_DEFAULT, cursor: str | None = None
) -> Page[ConsentedClient]:
    """List the games and sites that the caller signs in to with Samovar, and what each may know."""
    return await client_consents.page(caller, limit=limit, cursor=cursor)


@delete("/v1/auth/consented-clients/{client_id:str}", auth="player", raises=(NotFound,))
async def withdraw_client_consent(client_id: str, caller: Caller, client_consents: Consents) -> None:
    """Withdraw a consent: the program's tokens end, it is told, and it has to ask anew."""
    await client_consents.withdraw(caller, client_id)
