"""The folder of saves on this device: read as contents by path, written so that a file is there whole or as it was."""

import os
import secrets
from pathlib import Path

from blake3 import blake3

from samovar.sdk.saves.rules import is_safe

FILE_BYTES_MAX = 16 * 1_048_576
FILES_MAX = 1_000
_PART = ".samovar-part-"


class Changed(Exception):
    """The game has written the file since it was looked at."""


class SavesFolder:
    """The folder of saves.

    Args:
        root: Where it is; made when missing.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def scan(self) -> tuple[dict[str, str], list[str]]:
        """Return the content of each file by its path, and the paths that cannot be saves: too large, too many, odd names.

        Links are passed over: what they lead to is not the game's.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        found: dict[str, str] = {}
        odd: list[str] = []
        for folder, folders, files in os.walk(self.root):
            folders.sort()
            for name in sorted(files):
                file = Path(folder, name)
                if name.startswith(_PART) or file.is_symlink() or not file.is_file():
                    continue
                relative = file.relative_to(self.root).parts
                path = ":".join(relative)
                is_fit = is_safe(path) and not any(":" in part for part in relative)
                if not is_fit or len(found) >= FILES_MAX or file.stat().st_size > FILE_BYTES_MAX:
                    odd.append("/".join(relative))
                    continue
                content = self.read(path)
                if content is not None:
                    found[path] = content_id(content)
        return found, odd

    def read(self, path: str) -> bytes | None:
        """Return what is in a file; none: there is no such file."""
        try:
            return self._file(path).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, path: str, content: bytes, *, seen: str | None) -> None:
        """Put a content into a file, durably; `seen` is what was in it when that was decided.

        Raises:
            Changed: Something else is in it.
        """
        file = self._file(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"{_PART}{secrets.token_hex(6)}")
        try:
            with part.open("xb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            self._require(path, seen)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
        _sync_folder(file.parent)

    def delete(self, path: str, *, seen: str | None) -> None:
        """Delete a file, and the folders that are empty then.

        Raises:
            Changed: Something else is in it.
        """
        self._require(path, seen)
        file = self._file(path)
        file.unlink(missing_ok=True)
        for folder in file.parents:
            if folder == self.root or any(folder.iterdir()):
                break
            folder.rmdir()

    def _require(self, path: str, seen: str | None) -> None:
        content = self.read(path)
        if (None if content is None else content_id(content)) != seen:
            raise Changed(path)

    def _file(self, path: str) -> Path:
        """Return the file of a path.

        Raises:
            Changed: A link stands in its way, which would lead out of the folder.
        """
        file = self.root.joinpath(*path.split(":"))
        inside = [file, *file.parents[: len(path.split(":")) - 1]]
        if any(one.is_symlink() for one in inside):
            raise Changed(f"{path} is a link")
        return file


def content_id(content: bytes) -> str:
    """Return the BLAKE3 of a content, in hex, as the platform names it."""
    return blake3(content).hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make the entry of a file durable; Windows does that with the file."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
