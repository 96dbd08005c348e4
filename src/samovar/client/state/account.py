"""Who is signed in."""

from dataclasses import dataclass
from typing import Literal

import flet as ft

Standing = Literal["unknown", "stranger", "player"]


@ft.observable
@dataclass
class Account:
    """The player of this session.

    Attributes:
        standing: `unknown` until the browser has told what it keeps.
        picture: The address of theirs.
        roles: Of the player, besides `player`.
    """

    standing: Standing = "unknown"
    account_id: str = ""
    display_name: str = ""
    picture: str = ""
    roles: tuple[str, ...] = ()

    @property
    def is_player(self) -> bool:
        """Whether somebody is signed in."""
        return self.standing == "player"

    def enter(self, account_id: str, display_name: str, roles: tuple[str, ...] = ()) -> None:
        """Somebody has signed in."""
        self.account_id, self.display_name, self.roles = account_id, display_name, roles
        self.standing = "player"

    def leave(self) -> None:
        """Nobody is signed in any more."""
        self.account_id, self.display_name, self.picture, self.roles = "", "", "", ()
        self.standing = "stranger"
