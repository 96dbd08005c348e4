"""The games of the computer on which a window runs, as screens see them. A browser has none."""

from dataclasses import dataclass, field
from typing import Literal

import flet as ft

Stage = Literal[
    "absent",
    "queued",
    "running",
    "paused",
    "failed",
    "removing",
    "installed",
    "outdated",
    "starting",
    "playing",
]
"""Of a game: `outdated` is installed, and there is a newer build; `failed` was to be fetched and is not."""
UNDER_WAY: frozenset[Stage] = frozenset({"queued", "running", "paused", "failed"})


@dataclass(frozen=True)
class LocalGame:
    """A game of this computer.

    Attributes:
        stage: How it stands.
        folder: Where it lies.
        name: What it is called, in the language in which it was last seen.
        done: Bytes written and verified.
        total: Bytes to be written in all; 0 while nobody knows.
        samples: Bytes fetched a second, the oldest first.
        failure: Why it failed: a code, `content.no_space`.
        said: What the platform said of it, in the player's language.
        needed: Bytes that the disk lacks, where that is why.
    """

    stage: Stage = "absent"
    folder: str = ""
    name: str = ""
    done: int = 0
    total: int = 0
    samples: tuple[int, ...] = ()
    failure: str = ""
    said: str = ""
    needed: int = 0


ABSENT = LocalGame()


@dataclass(frozen=True)
class Played:
    """How a game went.

    Attributes:
        exit_code: Of its process; other than 0 where it crashed.
        is_waiting: Something of it waits for a connection.
        conflicts: How many saves went apart from another device.
        unsaved: How many saves are not in the cloud.
    """

    exit_code: int
    is_waiting: bool = False
    conflicts: int = 0
    unsaved: int = 0


class NotRemoved(Exception):
    """A game could not be taken off the disk; the message says why."""


class NotPlayed(Exception):
    """A game was not started.

    Attributes:
        why: In the words of `computer.not_played`.
        said: By whoever refused, where it did.
    """

    def __init__(self, why: str, said: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.said = said


@ft.observable
@dataclass
class Here:
    """All of them.

    Attributes:
        games: By their ids, in the order of the queue; what is installed comes after.
        limit: Bytes a second at most; none: as fast as it goes.
    """

    games: dict[str, LocalGame] = field(default_factory=dict)
    limit: int | None = None

    def of(self, game_id: str) -> LocalGame:
        """Return how a game stands."""
        return self.games.get(game_id, ABSENT)

    def see(self, game_id: str, game: LocalGame) -> None:
        """Take over how a game stands; one that is not here any more is forgotten."""
        games = {**self.games, game_id: game}
        if game.stage == "absent":
            del games[game_id]
        self.games = games
