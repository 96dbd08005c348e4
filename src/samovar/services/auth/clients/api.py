"""REST: a developer's clients."""

from samovar.kit.errors import InvalidInput, NotFound, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import RateLimit, delete, get, patch, post
from samovar.services.auth.clients.schemas import (
    ClientChange,
    ClientMade,
    ClientSecret,
    ClientSeen,
    NewClient,
    SecretRotation,
)
from samovar.services.auth.clients.use_cases import Clients
from samovar.services.auth.errors import TooManyClients
from samovar.services.auth.schemas import BODY_BYTES_MAX, FRESH


@get("/v1/auth/clients", auth="developer")
async def list_clients(
    caller: Caller, clients: Clients, limit: Limit = LIMIT_DEFAULT, cursor: str | None = None
) -> Page[ClientSeen]:
    """List the caller's clients."""
    return await clients.page(caller, limit=limit, cursor=cursor)


@post(
    "/v1/auth/clients",
    auth="developer",
    step_up=FRESH,
    rate_limit=RateLimit(30, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, TooManyClients),
)
async def register_client(data: NewClient, caller: Caller, clients: Clients) -> ClientMade:
    """Register a program that signs people in with Samovar.

    `client_secret` is shown this once. Redirect addresses are compared letter by letter; only the port of a loopback address of a
    native program is free.
    """
    return await clients.register(caller, data)


@get("/v1/auth/clients/{client_id:str}", auth="developer", etag=True, raises=(NotFound,))
async def show_client(client_id: str, caller: Caller, clients: Clients) -> ClientSeen:
    """Show one of the caller's clients."""
    return await clients.show(caller, client_id)


@patch(
    "/v1/auth/clients/{client_id:str}",
    auth="developer",
    step_up=FRESH,
    etag=True,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, NotFound, PreconditionFailed),
)
async def change_client(
    client_id: str, data: ClientChange, caller: Caller, clients: Clients, if_match: IfMatch = None
) -> ClientSeen:
    """Change a client."""
    return await clients.change(caller, client_id, data, if_match)


@delete("/v1/auth/clients/{client_id:str}", auth="developer", step_up=FRESH, raises=(NotFound,))
async def delete_client(client_id: str, caller: Caller, clients: Clients) -> None:
    """Delete a client. Its tokens count no more; the people's sessions in it are ended."""
    await clients.delete(caller, client_id)


@post(
    "/v1/auth/clients/{client_id:str}/secret",
    auth="developer",
    step_up=FRESH,
    rate_limit=RateLimit(10, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, NotFound),
)
async def rotate_client_secret(
    client_id: str, data: SecretRotation, caller: Caller, clients: Clients
) -> ClientSecret:
    """Give a client another secret, shown this once; the present one goes on for `older_valid_s`."""
    return await clients.rotate_secret(caller, client_id, data)
