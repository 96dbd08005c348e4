"""The shapes of launch tickets as they travel."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.auth.schemas import TOKEN_LENGTH_MAX, Confidential


class LaunchOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ticket that a player wants for a game.

    Attributes:
        game_id: The game that starts; nobody else's server can use the ticket.
    """

    game_id: UUID


class LaunchTicket(Confidential, frozen=True, kw_only=True):
    """A ticket.

    Attributes:
        ticket: Hand it to the game, which hands it to its server.
        expires_in: How long there is time to redeem it, in seconds.
    """

    ticket: str
    expires_in: int


class PresentedTicket(Confidential, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ticket that a game's server got from a game.

    Attributes:
        game_id: The server's own game.
    """

    ticket: Annotated[str, Meta(min_length=1, max_length=TOKEN_LENGTH_MAX)]
    game_id: UUID


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """Who started a game.

    Attributes:
        subject: What this developer calls the player, in all of their games; for other developers it is another one. The same as
            `sub` of «Войти через Самовар» for clients of the organisation.
        auth_time: When the player last proved who they are.
        acr: How surely: `aal1`, `aal2` for two factors.
        issued_at: When the game was started.
    """

    subject: str
    game_id: UUID
    auth_time: datetime
    acr: str
    issued_at: datetime
