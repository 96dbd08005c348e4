"""What somebody types into the search, and what they may mean by it."""

from dataclasses import dataclass

import flet as ft

from samovar.client.api.catalog import Suggestion, Suggestions

# Letters from which on something may be meant.
LEAST = 2


@ft.observable
@dataclass
class Seeking:
    """The search that is not sent yet. Whoever watches it hears of suggestions, not of each letter.

    Attributes:
        found: What may be meant.
        chosen: Which of these the arrow keys lead to, from 0; -1 is none.
    """

    found: Suggestions = Suggestions()  # noqa: RUF009  Frozen.
    chosen: int = -1
    _text: str = ""
    _at: str = ""

    @property
    def choice(self) -> Suggestion | None:
        """What the arrow keys lead to."""
        return self.found.items[self.chosen] if 0 <= self.chosen < len(self.found.items) else None

    def write(self, text: str, at: str) -> bool:
        """Note what stands in the field now, and at which address; return whether something may be meant by it."""
        self._text, self._at = text, at
        self.chosen = -1
        means = len(text.strip()) >= LEAST
        if not means:
            self.found = Suggestions()
        return means

    def written(self, at: str) -> str | None:
        """Return what was typed at an address and not sent; what was left at another is of the past."""
        return self._text if self._at == at else None

    def is_at(self, text: str, at: str) -> bool:
        """Return whether this is still what stands in the field."""
        return (self._text, self._at) == (text, at)

    def offer(self, found: Suggestions) -> None:
        """Show what may be meant."""
        self.chosen = -1
        self.found = found

    def step(self, by: int) -> None:
        """Go on by so many, round the end; before the first one nothing is chosen."""
        places = len(self.found.items) + 1
        self.chosen = (self.chosen + 1 + by) % places - 1

    def close(self) -> None:
        """Show no suggestions."""
        self.offer(Suggestions())

    def send(self) -> None:
        """Forget what was typed: it is sent."""
        self._text = self._at = ""
        self.close()
