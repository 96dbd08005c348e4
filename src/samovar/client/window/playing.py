"""Starting the games of this computer, and staying with each until it is over."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from samovar.client.state.downloads.here import Here, NotPlayed, Played
from samovar.sdk.api import Api
from samovar.sdk.client import GameClient
from samovar.sdk.clock import Clock
from samovar.sdk.errors import SdkError, SignInNeeded, StateBusy
from samovar.sdk.launcher.description import DescriptionInvalid, choose, read
from samovar.sdk.launcher.machine import place
from samovar.sdk.launcher.running import Launcher, NotStarted, Outcome
from samovar.sdk.saves.syncing import Report


class Playing:
    """The games that run.

    Args:
        data: The folder of what is kept for this person on this machine.
        here: What screens see.
        api: Makes a connection to the platform, as the player: each game has its own.
        language: What the player reads.
        clock: The time.
    """

    def __init__(
        self, data: Path, here: Here, api: Callable[[], Api], *, language: str, clock: Clock
    ) -> None:
        self._data = data
        self._here = here
        self._api = api
        self._language = language
        self._clock = clock
        self._count = 0
        self._over = asyncio.Event()
        self._over.set()

    async def play(self, game_id: str, account_id: str) -> Played:
        """Run a game to its end.

        Raises:
            NotPlayed: It was not started.
        """
        known = self._here.of(game_id)
        self._here.see(game_id, replace(known, stage="starting"))
        self._count += 1
        self._over.clear()
        try:
            return _played(await self._run(game_id, Path(known.folder), UUID(account_id)))
        except NotStarted as refused:
            raise NotPlayed(refused.why) from None
        except StateBusy:
            raise NotPlayed("already_running") from None
        except SignInNeeded:
            raise NotPlayed("sign_in_needed") from None
        except (DescriptionInvalid, SdkError, OSError) as error:
            raise NotPlayed("cannot", str(error)) from error
        finally:
            self._here.see(game_id, known)
            self._count -= 1
            if not self._count:
                self._over.set()

    async def over(self) -> None:
        """Return when no game runs."""
        await self._over.wait()

    async def _run(self, game_id: str, folder: Path, account_id: UUID) -> Outcome:
        option = choose(await asyncio.to_thread(read, folder), None)
        own = await asyncio.to_thread(place, self._data, account_id, UUID(game_id))

        def told(_when: str, _report: Report | None) -> None:
            self._here.see(game_id, replace(self._here.of(game_id), stage="playing"))

        async with GameClient(self._api(), own) as client:
            launcher = Launcher(
                client,
                folder,
                option,
                language=self._language,
                clock=self._clock,
                told=told,
                opens_terminals=True,
            )
            return await launcher.play()


def _played(outcome: Outcome) -> Played:
    reports = [one for one in (outcome.before, outcome.after) if one is not None]
    return Played(
        outcome.exit_code,
        is_waiting=bool(outcome.waiting) or outcome.after is None,
        conflicts=len({conflict.path for one in reports for conflict in one.conflicts}),
        unsaved=len(reports[-1].problems) if reports else 0,
    )
