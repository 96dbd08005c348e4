"""This machine: its name at the platform, one for installing, playing and saves, and where the things of a player's game lie on it."""

import os
from pathlib import Path
from uuid import UUID

from samovar.sdk.client import Place
from samovar.sdk.names import new_id

FILE = "device"


def device(data: Path) -> str:
    """Return the name of this machine.

    Args:
        data: The folder in which the launcher keeps what is this machine's own; it is made where it is not there.
    """
    file = data / FILE
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = file.with_suffix(f".{os.getpid()}")
        part.write_text(f"pc-{new_id()}", "utf-8")
        # Whoever comes second finds the first one's.
        try:
            os.link(part, file)
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return file.read_text("utf-8").strip()


def place(data: Path, account_id: UUID, game_id: UUID) -> Place:
    """Return where the saves of a player's game lie on this machine, and what waits to be told of it.

    Args:
        data: As above.
        account_id: The player.
        game_id: The game.
    """
    own = data / "accounts" / str(account_id) / str(game_id)
    return Place(game_id=game_id, device_id=device(data), state=own / "state", saves=own / "saves")
