"""What an edit does to a page: merge patches, differences, what two have changed at once, what a page still lacks. Pure.

Pages are plain here: what JSON has, without what is as it is by default.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from samovar.kit.errors import FieldError
from samovar.kit.text.visible import is_visible_line
from samovar.services.catalog.lines import faults_of_text
from samovar.services.catalog.schemas import AppDocument

EDIT = "catalog.app.edit"
MODERATE = "catalog.app.moderate"
PUBLISH = "catalog.app.publish"
Plain = dict[str, Any]
DEPTH_MAX = 16
TAGS_NEEDED = 5
_ABSENT: Any = msgspec.UNSET


class TooDeep(ValueError):
    """A patch has more levels than any page."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A field that reads otherwise.

    Attributes:
        path: `texts.ru.title`.
        before: None where it was not there.
        after: None where it is there no more.
        added: Of a list: what is new in it.
        removed: Of a list: what is no longer in it; with both empty its order has changed.
    """

    path: str
    before: Any = None
    after: Any = None
    added: list[Any] = []
    removed: list[Any] = []


class Clash(msgspec.Struct, frozen=True, kw_only=True):
    """A field that the draft and the page have both changed since the draft began, each otherwise.

    Attributes:
        base: As it was when the draft began.
        mine: As the draft has it.
        theirs: As the page has it by now.
    """

    path: str
    base: Any = None
    mine: Any = None
    theirs: Any = None


class Merged(msgspec.Struct, frozen=True):
    """A draft brought to the present page.

    Attributes:
        document: What both have changed is as the page has it, unless it was chosen otherwise.
        clashes: What nothing was chosen for.
    """

    document: Plain
    clashes: list[Clash]


def plain(document: AppDocument) -> Plain:
    """Return a page as JSON has it."""
    found: Plain = msgspec.to_builtins(document)
    return found


def patched(target: Plain, patch: Mapping[str, Any]) -> Plain:
    """Return a page with a merge patch applied (RFC 7396): null clears, an object goes into the one there, all else replaces.

    Raises:
        TooDeep: The patch has more than `DEPTH_MAX` levels.
    """
    merged: Plain = _patched(target, patch, DEPTH_MAX)
    return merged


def differences(before: Plain, after: Plain) -> list[Difference]:
    """Return what differs, field by field, in the order of the fields."""
    return list(_differences(before, after, ""))


def three_way(base: Plain, mine: Plain, theirs: Plain, choices: Mapping[str, str]) -> Merged:
    """Bring what the draft changed to a page that was changed meanwhile.

    Args:
        base: The page as the draft began from it.
        mine: The draft.
        theirs: The page now.
        choices: `mine` or `theirs`, by the path of a clash.
    """
    clashes: list[Clash] = []
    document: Plain = _merged(base, mine, theirs, path="", choices=choices, clashes=clashes)
    return Merged(document, clashes)


def needed(document: AppDocument, *, has_offer: bool) -> list[FieldError]:
    """Return what a page lacks to be published.

    Args:
        document: The page.
        has_offer: Whether a package with it is on sale.
    """
    is_belonging = document.base is not None
    is_out = document.release.stage != "coming_soon"
    is_free = document.kind == "demo" or document.licence is not None
    kinds = {medium.kind for medium in document.media}
    lacking = {
        "texts.ru": "ru" not in document.texts,
        "texts.ru.description": "ru" in document.texts and not document.texts["ru"].description.strip(),
        "media": "capsule" not in kinds,
        "tags": is_out and not is_belonging and len(document.tags) < TAGS_NEEDED,
        "packages": is_out and not is_free and not has_offer,
    }
    codes = {"texts.ru": "text_needed", "texts.ru.description": "text_needed", "media": "capsule_needed"}
    codes |= {"tags": "tags_needed", "packages": "package_needed"}
    return [
        FieldError(
            path,
            codes[path],
            "a page needs this to be published",
            limit=str(TAGS_NEEDED) if path == "tags" else None,
        )
        for path, is_lacking in lacking.items()
        if is_lacking
    ]


def faults_of_entry(release: str, texts: Mapping[str, str | None]) -> list[FieldError]:
    """Return what is wrong with what somebody says of a release.

    Args:
        release: What the release is called.
        texts: By language; none: it is not said in that one.
    """
    faults = [] if is_visible_line(release) else [FieldError("release", "unprintable", "no visible line")]
    for language, text in texts.items():
        field = f"texts.{language}"
        faults += faults_of_text(text, field)
        if text is not None and not text.strip():
            faults.append(FieldError(field, "too_short", "it says nothing", limit="1"))
    return faults


def _patched(target: Any, patch: Any, depth: int) -> Any:
    if not isinstance(patch, dict):
        return patch
    if depth == 0:
        raise TooDeep
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _patched(merged.get(name), value, depth - 1)
    return merged


def _differences(before: Any, after: Any, path: str) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {**before, **after}:
            inner = f"{path}.{name}" if path else name
            yield from _differences(before.get(name), after.get(name), inner)
        return
    old, new = (value if isinstance(value, list) else [] for value in (before, after))
    yield Difference(
        path=path,
        before=before,
        after=after,
        added=[one for one in new if one not in old],
        removed=[one for one in old if one not in new],
    )


def _merged(
    base: Any, mine: Any, theirs: Any, *, path: str, choices: Mapping[str, str], clashes: list[Clash]
) -> Any:
    if mine in (theirs, base):
        return theirs
    if theirs == base:
        return mine
    if isinstance(mine, dict) and isinstance(theirs, dict):
        known = base if isinstance(base, dict) else {}
        found = {
            name: _merged(
                known.get(name, _ABSENT),
                mine.get(name, _ABSENT),
                theirs.get(name, _ABSENT),
                path=f"{path}.{name}" if path else name,
                choices=choices,
                clashes=clashes,
            )
            for name in {**theirs, **mine}
        }
        return {name: value for name, value in found.items() if value is not _ABSENT}
    choice = choices.get(path)
    if choice is None:
        base, mine, shown = (None if value is _ABSENT else value for value in (base, mine, theirs))
        clashes.append(Clash(path=path, base=base, mine=mine, theirs=shown))
        return theirs
    return mine if choice == "mine" else theirs
