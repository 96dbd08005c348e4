"""REST: launch tickets, for players' programs and for games' servers."""

from samovar.kit.errors import Forbidden
from samovar.kit.identity import Caller
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, post
from samovar.services.auth.client import Client
from samovar.services.auth.errors import LaunchTicketInvalid, LaunchTicketUsed
from samovar.services.auth.launch_tickets.schemas import Launch, LaunchOrder, LaunchTicket, PresentedTicket
from samovar.services.auth.launch_tickets.use_cases import LaunchTickets
from samovar.services.auth.schemas import BODY_BYTES_MAX


@post(
    "/v1/auth/launch-tickets",
    auth="player",
    rate_limit=RateLimit(30, by="account", where="cluster"),
    body_bytes_max=BODY_BYTES_MAX,
)
async def give_launch_ticket(
    data: LaunchOrder, caller: Caller, launch_tickets: LaunchTickets
) -> LaunchTicket:
    """Give a ticket by which the server of a game learns who plays.

    It works once, for a minute, for this game alone. It says who plays, not that they own the game.
    """
    return await launch_tickets.give(caller, data.game_id)


@post(
    "/v1/auth/launch-tickets/redeem",
    auth="developer",
    permissions=("auth.ticket.redeem",),
    status=200,
    rate_limit=RateLimit(600, by="api_key"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(Forbidden, LaunchTicketInvalid, LaunchTicketUsed),
)
async def redeem_launch_ticket(
    data: PresentedTicket, caller: Caller, request: Request, launch_tickets: LaunchTickets
) -> Launch:
    """Tell a game's server who started the game.

    The caller, an API key as a rule, has a grant for this very game, as its editor or owner. A second use of a ticket is refused
    (`auth.launch_ticket_used`): somebody has copied it, or the server asks twice.
    """
    return await launch_tickets.redeem(caller, data, address=Client.of(request).address)
