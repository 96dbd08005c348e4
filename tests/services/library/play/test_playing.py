"""Who plays in a session, for the servers of games."""

from datetime import timedelta
from uuid import uuid4

from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.library.licences.use_cases import Licences
from samovar.services.library.play import playing
from samovar.services.library.play.schemas import NewPlaySession
from samovar.services.library.play.use_cases import PlaySessions
from tests.services.library.licences.grants import wanted
from tests.services.library.shelf.bookshelf import NOON, Bookshelf


async def test_a_session_names_its_player_for_its_game_while_it_is_young(own_database: Database) -> None:
    books = Bookshelf(own_database)
    licences = Licences(own_database, clock=books.clock, new_id=new_id)
    play = PlaySessions(own_database, clock=books.clock, new_id=new_id)
    app_id = new_id()
    await licences.grant(wanted(account_id=books.account_id, app_ids=(app_id,)))
    session = await play.start(books.account_id, app_id, NewPlaySession(device_id="pc"))
    async with own_database.transaction() as tx:
        assert await playing.player_of(tx, app_id, session.session_id, NOON) == books.account_id
        assert await playing.player_of(tx, new_id(), session.session_id, NOON) is None
        assert await playing.player_of(tx, app_id, uuid4(), NOON) is None
    books.clock.advance(60)
    await play.end(books.account_id, app_id, session.session_id)
    ended_at = NOON + timedelta(seconds=60)
    async with own_database.transaction() as tx:
        before, after = ended_at - timedelta(seconds=1), ended_at
        assert await playing.player_of(tx, app_id, session.session_id, before) == books.account_id
        assert await playing.player_of(tx, app_id, session.session_id, after) is None
