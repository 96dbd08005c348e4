"""The fields of a page as people know them: what each is called, and in which part of the editor it stands."""

from samovar.client.state.words import Words

PARTS = ("texts", "words", "needs", "pictures")
_PARTS = {
    "genres": "words",
    "tags": "words",
    "platforms": "words",
    "languages": "words",
    "age": "words",
    "requirements": "needs",
    "needs": "needs",
    "media": "pictures",
    "alt": "pictures",
}
_SAID = {
    "title": "editor.title_here",
    "short_description": "editor.short",
    "description": "editor.description",
}
_APART = " \u00b7 "


def part_of(field: str) -> str:
    """Return the part of the editor where a field stands."""
    return _PARTS.get(field.partition(".")[0], PARTS[0])


def name_of_field(words: Words, field: str) -> str:
    """Return what a field is called: of a text with its language, of a need with its platform; its own name where we have none."""
    keys = _keys(field.split("."))
    return _APART.join(words(key) for key in keys) if all(map(words.has, keys)) else field


def _keys(parts: list[str]) -> list[str]:
    """Return the sentences that a field's name is made of."""
    match parts:
        case ["texts", language, name]:
            return [f"editor.in.{language}", _SAID.get(name, name)]
        case ["texts", language]:
            return [f"editor.in.{language}"]
        case ["needs", platform, level, name]:
            return [f"game.platform.{platform}", f"game.needs.{level}", f"editor.needs.{name}"]
        case ["media" | "alt", *rest]:
            return ["editor.part.pictures", *(f"editor.alt.{language}" for language in rest[1:])]
        case [first, *rest]:
            return [f"editor.{'.'.join(rest) if first == 'release' else first}"]
    return []
