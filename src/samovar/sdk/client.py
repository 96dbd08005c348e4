"""One game of one player on one machine: everything that the SDK does, over one state. Async; `blocking` is its other face."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

import msgspec

from samovar.sdk.api import Api
from samovar.sdk.clock import Clock, SystemClock
from samovar.sdk.names import new_id
from samovar.sdk.owning import Owning
from samovar.sdk.play import PlayTime, PresenceTeller
from samovar.sdk.progress import Progress
from samovar.sdk.saves.folder import SavesFolder
from samovar.sdk.saves.syncing import CloudSaves
from samovar.sdk.state import State


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Which game, whose, and where its things lie on this machine.

    Attributes:
        device_id: This machine, as the platform knows it: letters, digits, `.`, `_`, `-`, at most 64.
        state: The folder of what waits to be told; nobody else writes there.
        saves: The folder of the game's saves.
    """

    game_id: UUID
    device_id: str
    state: Path
    saves: Path


class GameClient:
    """The SDK of one game: `async with GameClient(api, place) as game:`.

    Attributes:
        state: What is kept on this machine.
        play: Play time.
        presence: What the player does now.
        saves: Cloud saves.
        progress: Achievements and stats.
        owning: What the player owns, and proofs of it.
    """

    state: State
    play: PlayTime
    presence: PresenceTeller
    saves: CloudSaves
    progress: Progress
    owning: Owning

    def __init__(
        self,
        api: Api,
        place: Place,
        *,
        clock: Clock | None = None,
        id_source: Callable[[], UUID] = new_id,
    ) -> None:
        self.api = api
        self.place = place
        self._clock = clock or SystemClock()
        self._new_id = id_source
        self._stack = ExitStack()

    async def __aenter__(self) -> Self:
        """Take the state.

        Raises:
            StateBusy: Another launcher has it.
        """
        state = self.state = self._stack.enter_context(State(self.place.state))
        game_id, device_id, clock = self.place.game_id, self.place.device_id, self._clock
        self.play = PlayTime(
            self.api, state, game_id=game_id, device_id=device_id, clock=clock, new_id=self._new_id
        )
        self.presence = PresenceTeller(self.api, state, self.play, game_id=game_id)
        folder = SavesFolder(self.place.saves)
        self.saves = CloudSaves(self.api, state, folder, game_id=game_id, device_id=device_id)
        self.progress = Progress(self.api, state, game_id=game_id, clock=clock, new_id=self._new_id)
        self.owning = Owning(self.api, state, game_id=game_id, device_id=device_id, clock=clock)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        await self.api.close()
