"""What people call games: «гта» is Grand Theft Auto, «кс» is Counter-Strike. A file of the most common ones, and what operators add."""

from collections.abc import Iterable, Sequence
from importlib import resources

import msgspec

from samovar.services.catalog.search import normaliser

ALIAS_WORDS_MAX = 5
MEANINGS_MAX = 3


class Aliases:
    """Aliases and what they stand for.

    Args:
        pairs: An alias and the title that it means, any spelling.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._meanings: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for alias, title in pairs:
            key, meaning = tuple(normaliser.words(alias)), tuple(normaliser.words(title))
            if 0 < len(key) <= ALIAS_WORDS_MAX and meaning and key != meaning:
                known = self._meanings.setdefault(key, [])
                if meaning not in known:
                    known.append(meaning)

    @classmethod
    def common(cls) -> "Aliases":
        """Return those of the file."""
        return cls(common_pairs())

    def meanings(self, words: Sequence[str]) -> list[list[str]]:
        """Return what words mean with the longest alias in them replaced: «гта 5» → grand theft auto 5."""
        start, end = self._longest(words)
        found = self._meanings.get(tuple(words[start:end]), [])
        return [[*words[:start], *meaning, *words[end:]] for meaning in found[:MEANINGS_MAX]]

    def covered(self, words: Sequence[str]) -> int:
        """Return of how many of the words the longest alias in them is made."""
        start, end = self._longest(words)
        return end - start

    def _longest(self, words: Sequence[str]) -> tuple[int, int]:
        for size in range(min(len(words), ALIAS_WORDS_MAX), 0, -1):
            for start in range(len(words) - size + 1):
                if tuple(words[start : start + size]) in self._meanings:
                    return start, start + size
        return 0, 0


def common_pairs() -> list[tuple[str, str]]:
    """Return the pairs of the file `aliases.toml`: a title and its aliases a line."""
    data = (resources.files(__package__) / "aliases.toml").read_bytes()
    table = msgspec.toml.decode(data, type=dict[str, list[str]])
    return [(alias, title) for title, aliases in table.items() for alias in aliases]
