"""Names and texts that people write for others to read, held against what a reader sees of them."""

from samovar.kit.errors import FieldError
from samovar.kit.text.visible import is_visible_line
from samovar.services.catalog.schemas import Names


def faults_of_names(names: Names, field: str) -> list[FieldError]:
    """Return the faults of a name in both languages: nothing to see, or signs that hide or move what is beside them."""
    spoken = (("ru", names.ru), ("en", names.en))
    return [
        FieldError(f"{field}.{language}", "unprintable", "no visible line")
        for language, line in spoken
        if line is not None and not is_visible_line(line)
    ]


def faults_of_text(text: str | None, field: str) -> list[FieldError]:
    """Return the faults of a text of several lines; none is no fault."""
    return [FieldError(field, "nul", "text cannot hold a NUL")] if text and "\0" in text else []
