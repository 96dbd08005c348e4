"""Keeps what belongs to a game with it: nothing of it comes to the store before the game, and all of it leaves with the game.

Each function takes the transaction first; `hold` comes before any app is locked, so that a game that leaves and a DLC that comes wait for
each other in one order.
"""

from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.catalog.apps.schemas import REASON_LENGTH_MAX, AppWrite
from samovar.services.catalog.apps.writer import PAGES_MAX, AppWriter
from samovar.services.catalog.domain import Stage
from samovar.services.catalog.editing import drafting, repository
from samovar.services.catalog.editing.errors import BaseNotPublished
from samovar.services.catalog.editing.repository import DraftRow, Reader
from samovar.services.catalog.schemas import AppDocument

# A demo is often there before its game is out; the rest needs the game to be of any use.
_NEEDS_GAME_OUT = frozenset({"dlc", "soundtrack"})
_TO_COME: Stage = "coming_soon"


class Game(msgspec.Struct, frozen=True):
    """What a page belongs to.

    Attributes:
        is_needed: It is not in the store, or not out although the page would be.
    """

    app_id: UUID
    is_needed: bool


async def hold(tx: Transaction, app_id: UUID) -> str:
    """Let nobody else move an app, its game or what belongs to it, until the end of the transaction; return the slug of the game.

    Raises:
        AppNotFound: There is no such app.
    """
    row = await drafting.read(tx, app_id)
    game = drafting.mine(row).base or row.slug
    await repository.lock_family(tx, game)
    return game


async def game_of(reader: Reader, document: AppDocument) -> Game | None:
    """Return the game that a page belongs to; none where it belongs to none."""
    if document.base is None:
        return None
    game = await repository.find_standing(reader, document.base)
    if game is None:
        return None
    is_out = document.release.stage != _TO_COME and document.kind in _NEEDS_GAME_OUT
    return Game(game.id, game.state != "published" or (is_out and game.stage == _TO_COME))


async def require_game(tx: Transaction, document: AppDocument) -> None:
    """Refuse to show what belongs to a game that is not in the store, or to let it out before the game.

    Raises:
        BaseNotPublished: The game is not there, or still to come.
    """
    game = await game_of(tx, document)
    if document.base and (game is None or game.is_needed):
        raise BaseNotPublished(document.base, base=document.base)


async def follow(
    tx: Transaction,
    writer: AppWriter,
    game: DraftRow,
    *,
    state: Literal["published", "withdrawn"],
    account_id: UUID,
    reason: str,
) -> None:
    """Take what belongs to a game out of the store with it, or put back what left with it."""
    if state == "withdrawn":
        rows = await repository.list_shown_of(tx, game.id)
        await repository.note_withdrawn_with_base(tx, game.id, [row.id for row in rows])
    else:
        rows = await repository.take_withdrawn_with_base(tx, game.id)
    pages = [
        AppWrite(
            document=row.document,
            app_id=row.id,
            expected_version=row.version,
            state=state,
            account_id=account_id,
            reason=f"with {game.slug}: {reason}"[:REASON_LENGTH_MAX],
        )
        for row in rows
    ]
    for begin in range(0, len(pages), PAGES_MAX):
        for outcome in await writer.write_many(tx, pages[begin : begin + PAGES_MAX]):
            if isinstance(outcome, Exception):
                raise outcome
