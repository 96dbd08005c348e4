"""What one can do with what players do now."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.text.visible import is_visible_line
from samovar.services.library.play import playing
from samovar.services.library.play.domain import SILENT_AFTER_S
from samovar.services.library.presence import domain, repository
from samovar.services.library.presence.adapters import OWNERS_MAX, People
from samovar.services.library.presence.domain import Language
from samovar.services.library.presence.repository import Playing
from samovar.services.library.presence.schemas import ACCOUNTS_MAX, NewPresence, NowPlaying, Presence

FORGOTTEN_AT_ONCE_MAX = 5_000


class Presences:
    """What players do, as long as they play; nobody but themselves and those to whom they show it learns of it."""

    def __init__(self, database: Database, *, people: People, clock: Clock) -> None:
        self._database = database
        self._people = people
        self._clock = clock

    async def say(
        self, account_id: UUID, app_id: UUID, session_id: UUID, said: NewPresence, language: Language
    ) -> Presence:
        """Let a game say what its player does, until it says something else or the session ends.

        Raises:
            InvalidInput: It is neither a phrase nor a text, or the game has no such phrase, or not all of it is filled in.
            PlaySessionNotFound: The account has no such session of this game.
            PlaySessionOver: It has ended.
        """
        _require(_faults_alone(said))
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await playing.require_running(tx, account_id, app_id, session_id, now)
            shown = said.text
            if said.phrase is not None:
                lines = await repository.find_phrase(tx, app_id, said.phrase)
                if lines is None:
                    _require([FieldError("phrase", "phrase_unknown", "the game has no such phrase")])
                    lines = {}
                _require(domain.faults_of_parameters(lines, said.parameters))
                shown = domain.told(lines, said.parameters, language)
            since = await repository.put(tx, session_id, account_id, said, now)
        return Presence(text=shown, phrase=said.phrase, since=since)

    async def hush(self, account_id: UUID, app_id: UUID, session_id: UUID) -> None:
        """Let a game say nothing any more. Told again, nothing changes.

        Raises:
            PlaySessionNotFound: The account has no such session of this game.
        """
        async with self._database.transaction() as tx:
            await playing.require_own(tx, account_id, app_id, session_id)
            await repository.drop(tx, session_id)

    async def now_playing(
        self, viewer: UUID, account_ids: Sequence[UUID], language: Language
    ) -> list[NowPlaying]:
        """Return who of these plays what, as far as they show it to the viewer; of no one in particular, the viewer's friends.

        Raises:
            FriendsUnknown: Account is away.
        """
        asked = account_ids or await self._people.friends_of(viewer)
        heard_since = self._clock.now() - timedelta(seconds=SILENT_AFTER_S)
        found = await repository.list_playing(
            self._database, asked, viewer=viewer, heard_since=heard_since, limit=OWNERS_MAX
        )
        others = [one.account_id for one in found if one.account_id != viewer]
        shown = {viewer, *(await self._people.showing(viewer, others) if others else ())}
        return [_shown(one, language) for one in found if one.account_id in shown][:ACCOUNTS_MAX]


class OldPresences:
    """What was said in sessions that are over: shown no more already, and of no use."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forget(self) -> None:
        """Forget all of it."""
        forgotten = FORGOTTEN_AT_ONCE_MAX
        while forgotten == FORGOTTEN_AT_ONCE_MAX:
            async with self._database.transaction() as tx:
                forgotten = await repository.drop_over(tx, FORGOTTEN_AT_ONCE_MAX)


def _shown(one: Playing, language: Language) -> NowPlaying:
    presence = None
    if one.changed_at is not None:
        text = (
            one.text if one.phrase is None else domain.told(one.lines or {}, one.parameters or {}, language)
        )
        presence = Presence(text=text, phrase=one.phrase, since=one.changed_at)
    return NowPlaying(
        account_id=one.account_id,
        game_id=one.game_id,
        slug=one.slug,
        titles=one.titles,
        capsule_url=one.capsule_url,
        since=one.since,
        presence=presence,
    )


def _faults_alone(said: NewPresence) -> list[FieldError]:
    """Return what is wrong whatever the game's phrases are."""
    if (said.phrase is None) == (said.text is None):
        return [FieldError("phrase", "presence_one_of", "`phrase` or `text`, and not both")]
    if said.text is None:
        return []
    if said.parameters:
        return [FieldError("parameters", "presence_text_fixed", "a text has nothing to fill in")]
    if not is_visible_line(said.text):
        return [FieldError("text", "unprintable", "no visible line")]
    return []


def _require(faults: Sequence[FieldError]) -> None:
    """Refuse what has faults."""
    if faults:
        raise InvalidInput(", ".join(fault.field for fault in faults), fields=faults)
