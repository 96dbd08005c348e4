"""Makes a catalogue file out of what Debian ships."""

import tarfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from samovar.kit.database import Database
from samovar.services.catalog.exchange import repository
from samovar.services.catalog.exchange.appstream.components import games_in
from samovar.services.catalog.exchange.appstream.conversion import ORIGIN, Conversion, Converted
from samovar.services.catalog.exchange.errors import FileUnreadable

ICONS_MAX = 20_000
ICON_BYTES_MAX = 1_048_576
CATALOGUE = "catalogue.jsonl"
_ICONS = "icons"


class AppStream:
    """Turns DEP-11 files into a file of our lines."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def convert(
        self, files: Sequence[Path], *, icons: Path | None, folder: Path
    ) -> tuple[Path, Converted]:
        """Write a catalogue file into a folder, with the icons beside it, and return where it is and what was found.

        Args:
            files: `Components-amd64.yml.gz`, of one or more suites; of two components with one id the first counts.
            icons: `icons-128x128.tar.gz` of the same suite.
            folder: An empty one.

        Raises:
            FileUnreadable: A file is not there, or broken.
        """
        slugs = await repository.find_slugs(self._database, ORIGIN)
        conversion = Conversion(slugs=slugs, icons=_unpacked(icons, folder) if icons else {})
        path = folder / CATALOGUE
        with path.open("wb") as out:
            for line in conversion.lines(component for file in files for component in games_in(file)):
                out.write(msgspec.json.encode(line) + b"\n")
        return path, conversion.found


def _unpacked(archive: Path, folder: Path) -> dict[str, str]:
    """Unpack icons, and return their paths in the folder by their names in the archive. Nothing else of it is written."""
    found: dict[str, str] = {}
    target = folder / _ICONS
    target.mkdir()
    try:
        with tarfile.open(archive) as members:
            for member in members:
                name = Path(member.name).name
                content = members.extractfile(member) if member.isfile() else None
                if content is None or not name.endswith(".png") or member.size > ICON_BYTES_MAX:
                    continue
                if len(found) == ICONS_MAX:
                    break
                place = f"{len(found)}.png"
                (target / place).write_bytes(content.read())
                found[name] = f"{_ICONS}/{place}"
    except (OSError, EOFError, tarfile.TarError) as error:
        raise FileUnreadable(f"{archive}: {error}", file=str(archive)) from error
    return found
