"""What a person has typed, and what is wrong with it, for one form."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass
class Form:
    """The values and errors of one form.

    Attributes:
        values: What was typed, by field.
        errors: One sentence a field.
        changed: Called when what is shown must change: an error appears or goes.
        places: The control of each field that is shown, in their order.
        sought: The field that the keyboard is to stand in; where empty, the first wrong one.
        moves: How often the keyboard was to move.
        refused: The last failure whose errors were taken over.
    """

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    changed: Callable[[], object] = lambda: None
    places: dict[str, object] = field(default_factory=dict)
    sought: str = ""
    moves: int = 0
    refused: object = None

    def write(self, name: str, value: str) -> None:
        """Keep what was typed; the error of that field is of the past then."""
        self.values[name] = value
        if self.errors.pop(name, None) is not None:
            self.changed()

    def choose(self, name: str, *, chosen: bool) -> None:
        """Keep whether a box is ticked."""
        self.write(name, "yes" if chosen else "")

    def chosen(self, name: str) -> bool:
        """Return whether a box is ticked."""
        return bool(self.values.get(name))

    def text(self, name: str) -> str:
        """Return what was typed, without blanks around it."""
        return self.values.get(name, "").strip()

    def address(self, name: str) -> str:
        """Return a web address that was typed, with the `https://` that people leave out."""
        typed = self.text(name)
        return f"https://{typed}" if typed and "://" not in typed else typed

    def require(self, names: Iterable[str], sentence: str) -> bool:
        """Give each empty field an error; return whether none is empty."""
        return self.tell({name: sentence for name in names if not self.values.get(name, "").strip()})

    def tell(self, errors: Mapping[str, str]) -> bool:
        """Say what a try found wrong, beside what is wrong already, and move the keyboard there; return whether nothing was."""
        self.errors |= errors
        if errors:
            self.moves += 1
            self.changed()
        return not errors

    def seek(self, name: str) -> None:
        """Let the keyboard stand in a field that a try has asked for."""
        self.sought = name
        self.moves += 1
        self.changed()

    def standing(self) -> object | None:
        """Return the control that the keyboard is to stand in, after a move."""
        name = self.sought or next((one for one in self.places if one in self.errors), "")
        self.sought = ""
        return self.places.get(name)

    def refuse(self, failure: object, errors: Mapping[str, str]) -> None:
        """Take over the errors of a failure in place of those of the one before, and once: what was mended since is not wrong again."""
        if self.refused is not failure:
            self.refused = failure
            self.errors = dict(errors)
            self.moves += bool(errors)
