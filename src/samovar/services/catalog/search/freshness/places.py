"""Where indexes lie on the disk. Each process has a folder of its own: two that share a volume take different ones."""

import fcntl
import shutil
import tempfile
from functools import cached_property
from pathlib import Path
from typing import IO

SLOTS_MAX = 64
CURRENT, LOCK = "current", "lock"


class Places:
    """The folder of this process, with the index that is served and, while one is built, the next.

    Args:
        root: What an operator set; none: a temporary folder, which goes with the process.
    """

    def __init__(self, root: Path | None) -> None:
        self._root = root
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._held: IO[str] | None = None

    @cached_property
    def folder(self) -> Path:
        """The folder of this process, taken when it is first asked for."""
        if self._root is None:
            # A commit that was cut off may still be writing in its thread when the folder goes.
            self._temporary = tempfile.TemporaryDirectory(
                prefix="samovar-search-", ignore_cleanup_errors=True
            )
            return self._take(Path(self._temporary.name))
        return self._take(self._root)

    def current(self) -> Path | None:
        """Return where the index that is served lies, if there is one."""
        try:
            name = (self.folder / CURRENT).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        place = self.folder / name
        return place if name.isalnum() and place.is_dir() else None

    def next(self) -> Path:
        """Return where a new one may be built."""
        current = self.current()
        return self.folder / ("b" if current is not None and current.name == "a" else "a")

    def switch(self, place: Path) -> None:
        """Let an index be the one that is served from the next start on."""
        part = self.folder / f"{CURRENT}.part"
        part.write_text(place.name, "utf-8")
        part.replace(self.folder / CURRENT)

    def forget(self, place: Path) -> None:
        """Remove an index."""
        shutil.rmtree(place, ignore_errors=True)

    def close(self) -> None:
        """Let another process have the folder."""
        if self._held is not None:
            self._held.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def _take(self, root: Path) -> Path:
        for number in range(1, SLOTS_MAX + 1):
            folder = root / str(number)
            folder.mkdir(parents=True, exist_ok=True)
            held = (folder / LOCK).open("w", encoding="utf-8")
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                held.close()
                continue
            self._held = held
            return folder
        raise RuntimeError(f"{root}: {SLOTS_MAX} processes keep their indexes here already")
