"""Takes a game off a disk: what was installed goes, what else lies in the folder is the player's and stays."""

import os
import shutil
from contextlib import suppress
from pathlib import PurePosixPath

from samovar.content.format.errors import ContentError
from samovar.content.install.operation import resume, standing
from samovar.content.install.state import Installed, State


def remove(state: State) -> bool:
    """Remove what is installed or in the making; cut off in between, it is called again.

    A file that was changed since it was installed is the player's, as in an update. No link is followed: what lies behind a folder that
    somebody has replaced by a link is not ours.

    Args:
        state: Its lock is held. Its folder goes last.

    Returns:
        Whether the game's folder itself is gone: nothing of the player's was in it.
    """
    now = standing(state)
    parents: set[PurePosixPath] = set()
    for path in (*_installed(state, now.installed), *(_in_the_making(state) if now.under_way else ())):
        parents.update(path.parents)
        if _is_reached(state, path):
            with suppress(FileNotFoundError):
                (state.game / path).unlink()
    for node in now.installed.tree().folders if now.installed else ():
        parents.update({PurePosixPath(node), *PurePosixPath(node).parents})
    # The deepest ones first; one that is not empty holds something of the player's.
    for folder in sorted(parents - {PurePosixPath()}, key=lambda one: len(one.parts), reverse=True):
        if _is_reached(state, folder):
            with suppress(OSError):
                (state.game / folder).rmdir()
    _bring_back(state)
    shutil.rmtree(state.folder)
    with suppress(OSError):
        state.game.rmdir()
    return not state.game.exists()


def _installed(state: State, installed: Installed | None) -> list[PurePosixPath]:
    """Return the files and links that are as they were installed."""
    if installed is None:
        return []
    tree = installed.tree()
    found = [PurePosixPath(one.path) for one in tree.links if _leads(state, one.path) == one.target]
    for one, stamp in zip(tree.files, installed.stamps, strict=True):
        status = _status(state, one.path)
        if status is not None and (status.st_size, status.st_mtime_ns) == (one.file.size, stamp):
            found.append(PurePosixPath(one.path))
    return found


def _in_the_making(state: State) -> list[PurePosixPath]:
    """Return the files that the operation under way has brought to their places, by their sizes: it has written down no times yet."""
    try:
        operation = resume(state)
    except (ContentError, OSError):
        return []
    operation.close()
    sizes = ((one.path, one.file.size, _status(state, one.path)) for one in operation.new.files)
    return [
        PurePosixPath(path) for path, size, status in sizes if status is not None and status.st_size == size
    ]


def _bring_back(state: State) -> None:
    """Bring the player's files that stood in the way once back into the folder, where they can be found."""
    for path in sorted(state.aside.iterdir()):
        place = state.game / path.name
        if not os.path.lexists(place):
            path.rename(place)


def _status(state: State, path: str) -> os.stat_result | None:
    place = state.game / path
    with suppress(OSError):
        if not place.is_symlink() and place.is_file() and _is_reached(state, PurePosixPath(path)):
            return place.stat()
    return None


def _leads(state: State, path: str) -> str | None:
    place = state.game / path
    return str(place.readlink()) if place.is_symlink() and _is_reached(state, PurePosixPath(path)) else None


def _is_reached(state: State, path: PurePosixPath) -> bool:
    """Return whether no folder on the way is a link."""
    return not any((state.game / parent).is_symlink() for parent in path.parents)
