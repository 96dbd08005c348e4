"""The wordings: files `<purpose>/<version>.<language>.md`, published into the database at the start and never changed after."""

import re
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from typing import Self

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.settings import SettingsError
from samovar.services.account.consents import repository
from samovar.services.account.consents.domain import LANGUAGES, PURPOSES, Purpose, Text
from samovar.services.account.consents.errors import TextVersionUnknown

FILE = re.compile(r"(?P<version>[A-Za-z0-9._-]{1,64})\.(?P<language>ru|en)\.md")


class Texts:
    """All wordings, the latest of each purpose included.

    Args:
        versions: By purpose and version.
    """

    def __init__(self, versions: Mapping[Purpose, Mapping[str, Text]]) -> None:
        self._versions = versions

    @classmethod
    def load(cls, folder: Traversable) -> Self:
        """Read the files.

        Raises:
            SettingsError: A purpose has no wording, or a version lacks a language.
        """
        return cls({purpose: _versions(folder / purpose, purpose) for purpose in PURPOSES})

    async def publish(self, database: Database, clock: Clock) -> None:
        """Keep what the wordings say.

        Raises:
            SettingsError: One that was published before says something else now.
        """
        for versions in self._versions.values():
            for text in versions.values():
                if await repository.publish_text(database, text, clock.now()) != text.hash:
                    raise SettingsError(
                        f"the text {text.purpose} {text.version} was changed after people had agreed to it: "
                        "give the new wording a new version"
                    )

    def current(self, purpose: Purpose) -> Text:
        """Return the wording of today: the last by the order of the names of versions."""
        versions = self._versions[purpose]
        return versions[max(versions)]

    def find(self, purpose: Purpose, version: str | None) -> Text:
        """Return a version; the one of today unless said.

        Raises:
            TextVersionUnknown: There is no such version.
        """
        if version is None:
            return self.current(purpose)
        text = self._versions[purpose].get(version)
        if text is None:
            raise TextVersionUnknown
        return text


def _versions(folder: Traversable, purpose: Purpose) -> dict[str, Text]:
    found: dict[str, dict[str, str]] = {}
    for file in folder.iterdir() if folder.is_dir() else ():
        if match := FILE.fullmatch(file.name):
            found.setdefault(match["version"], {})[match["language"]] = file.read_text("utf-8")
    if not found or any(set(texts) != set(LANGUAGES) for texts in found.values()):
        raise SettingsError(f"{folder}: {purpose} needs a text in each of {', '.join(LANGUAGES)}")
    return {version: Text(purpose, version, texts) for version, texts in found.items()}
