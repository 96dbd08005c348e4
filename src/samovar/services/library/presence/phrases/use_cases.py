"""What a developer can do with the phrases of a game."""

from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.rest.etags import require_match
from samovar.services.library.achievements.rights import DEFINE, Rights
from samovar.services.library.presence import domain
from samovar.services.library.presence.phrases import repository
from samovar.services.library.presence.schemas import Phrases


class PhraseLists:
    """The phrases of all games, each with its developer alone."""

    def __init__(self, database: Database, *, rights: Rights, clock: Clock) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock

    async def show(self, caller: Caller, app_id: UUID) -> Phrases:
        """Return the phrases of a game.

        Raises:
            AppNotFound: There is no such app, or it is not the caller's.
            OwnerUnknown: Nobody can say whose it is.
        """
        await self._rights.require(caller, app_id, DEFINE)
        return Phrases(phrases=await repository.find(self._database, app_id))

    async def put(self, caller: Caller, app_id: UUID, wanted: Phrases, if_match: str | None) -> Phrases:
        """Let a game have these phrases and no others. The same ones again change nothing.

        Raises:
            AppNotFound: There is no such app, or it is not the caller's.
            InvalidInput: Something of them cannot be.
            OwnerUnknown: Nobody can say whose it is.
            PreconditionFailed: They are not what the caller has seen.
        """
        await self._rights.require(caller, app_id, DEFINE)
        faults = [
            fault
            for key, phrase in wanted.phrases.items()
            for language, line in (("ru", phrase.ru), ("en", phrase.en))
            if line is not None
            for fault in domain.faults_of_phrase(line, f"phrases.{key}.{language}")
        ]
        if faults:
            raise InvalidInput(", ".join(fault.field for fault in faults), fields=faults)
        wanted = Phrases(phrases=dict(sorted(wanted.phrases.items())))
        async with self._database.transaction() as tx:
            await repository.lock(tx, app_id)
            before = Phrases(phrases=await repository.find(tx, app_id))
            require_match(if_match, before)
            if wanted != before:
                await repository.put(tx, app_id, wanted.phrases, self._clock.now())
        return wanted
