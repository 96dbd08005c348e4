"""A page while it is edited: what was typed and chosen, what of it differs from the draft, and what players would see."""

import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from samovar.client.api.console.pages import Document, StoredImage
from samovar.client.state.console.moments import read_day, write_day
from samovar.client.state.forms import Form

LANGUAGES = ("ru", "en")
TEXT_FIELDS = ("title", "short_description", "description")
GENRES_MAX = 3
LISTS = ("genres", "tags", "platforms")
NEEDS = ("os", "cpu", "gpu", "memory_mib", "storage_mib", "note")
LEVELS = ("minimum", "recommended")
SPEAKS = ("interface", "voice", "subtitles")
SINGLE_KINDS = ("capsule", "header", "hero", "library", "logo")
MEDIA_MAX = 40
_MIB_PER_GB = 1024
_INDEX = re.compile(r"requirements\[(\d+)\]\.(\w+)")
_ALT = re.compile(r"media\[(\d+)\]\.alt\.(\w+)")


@dataclass(eq=False)
class Editing:
    """One page that is edited.

    Attributes:
        base: The draft as the platform has it.
        etag: How the platform knows it.
        form: What was typed, by the names of the API: `texts.ru.title`, `needs.windows.minimum.cpu`, `alt.<image>.ru`.
        lists: What was chosen of `genres`, `tags`, `platforms`, and `descriptors` of the age mark.
        speaks: How far the game speaks each language.
        media: Its pictures in their order.
        listeners: Called after each change.
    """

    base: Document
    etag: str | None
    form: Form = field(default_factory=Form)
    lists: dict[str, list[str]] = field(default_factory=dict)
    speaks: dict[str, dict[str, bool]] = field(default_factory=dict)
    media: list[dict[str, Any]] = field(default_factory=list)
    listeners: dict[object, Callable[[], object]] = field(default_factory=dict)

    @classmethod
    def of(cls, page: Document, etag: str | None) -> "Editing":
        """Begin from a draft."""
        made = cls(page, etag)
        made.form = _Typed(values=_values(page), touched=made._tell)
        made.lists = {name: list(page.get(name, ())) for name in LISTS}
        made.lists["descriptors"] = list(page.get("age", {}).get("descriptors", ()))
        made.speaks = {
            str(one["code"]): {part: bool(one.get(part, part == "interface")) for part in SPEAKS}
            for one in page.get("languages", ())
        }
        made.media = copy.deepcopy(page.get("media", []))
        return made

    def toggle(self, name: str, value: str) -> None:
        """Choose one of a list, or choose it no longer."""
        chosen = self.lists[name]
        if value in chosen:
            chosen.remove(value)
        else:
            chosen.append(value)
        self.form.errors.pop(name, None)
        self._tell()

    def speak(self, code: str, part: str | None = None) -> None:
        """Let the game speak a language, or no longer; with a part, only that part of it."""
        if part is not None:
            self.speaks[code][part] = not self.speaks[code][part]
        elif self.speaks.pop(code, None) is None:
            self.speaks[code] = {one: one == "interface" for one in SPEAKS}
        self._tell()

    def add_picture(self, kind: str, stored: StoredImage) -> None:
        """Add a picture; of a kind that there is one of, in place of the former."""
        new = {"kind": kind, "image": stored.image, "width": stored.width, "height": stored.height}
        at = next((at for at, one in enumerate(self.media) if one["kind"] == kind), None)
        if kind in SINGLE_KINDS and at is not None:
            self.media[at] = new
        elif new["image"] not in {one["image"] for one in self.media if one["kind"] == kind}:
            self.media.append(new)
        self.form.errors.pop("media", None)
        self._tell()

    def drop_picture(self, medium: Mapping[str, Any]) -> None:
        """Take a picture off the page."""
        self.media = [one for one in self.media if one != medium]
        self._tell()

    def move_picture(self, medium: Mapping[str, Any], by: int) -> None:
        """Show a screenshot earlier (-1) or later (1) among the screenshots."""
        places = [at for at, one in enumerate(self.media) if one["kind"] == medium["kind"]]
        here = next((at for at, place in enumerate(places) if self.media[place] == medium), None)
        if here is None or not 0 <= here + by < len(places):
            return
        first, second = places[here], places[here + by]
        self.media[first], self.media[second] = self.media[second], self.media[first]
        self._tell()

    def faults(self) -> dict[str, str]:
        """Return what is wrong before the platform is asked: fields, and the keys of sentences."""
        found: dict[str, str] = {}
        text = self.form.text
        if not text("title"):
            found["title"] = "form.required"
        if not text("texts.ru.short_description"):
            found["texts.ru.short_description"] = "form.required"
        if (text("texts.en.title") or text("texts.en.description")) and not text(
            "texts.en.short_description"
        ):
            found["texts.en.short_description"] = "editor.short_needed"
        if text("release.on") and read_day(text("release.on")) is None:
            found["release.on"] = "editor.day_rule"
        if len(self.lists["genres"]) > GENRES_MAX:
            found["genres"] = "editor.genres.rule"
        for platform, level in self._levels():
            for name in ("memory_mib", "storage_mib"):
                typed = text(f"needs.{platform}.{level}.{name}")
                if typed and _mib(typed) is None:
                    found[f"needs.{platform}.{level}.{name}"] = "editor.size_rule"
        return found

    def place_of(self, path: str) -> str:
        """Return the field of the form that the platform means by a path: `requirements[1].cpu` is one of a platform and a level."""
        found = _INDEX.fullmatch(path)
        needs = self.document().get("requirements", [])
        if found and int(found[1]) < len(needs):
            one = needs[int(found[1])]
            return f"needs.{one['platform']}.{one['level']}.{found[2]}"
        pictured = _ALT.fullmatch(path)
        if pictured and int(pictured[1]) < len(self.media):
            return f"alt.{self.media[int(pictured[1])]['image']}.{pictured[2]}"
        return path.partition("[")[0] if path.startswith(("media", "tags", "genres", "platforms")) else path

    def document(self) -> Document:
        """Return the page as it would be."""
        page = copy.deepcopy(self.base)
        text = self.form.text
        page["title"] = text("title")
        page["texts"] = {
            language: said for language in LANGUAGES if (said := _said(self.form, language)) is not None
        }
        page |= {name: list(self.lists[name]) for name in LISTS}
        page["age"] = {"rating": int(text("age.rating") or 0), "descriptors": list(self.lists["descriptors"])}
        page["languages"] = [{"code": code, **parts} for code, parts in self.speaks.items()]
        page["requirements"] = [
            needs for platform, level in self._levels() if (needs := self._needs(platform, level))
        ]
        page["media"] = [self._medium(one) for one in self.media]
        page["website"] = self.form.address("website") or None
        page["release"] = self._release()
        return _plain(page)

    def patch(self) -> dict[str, Any]:
        """Return the merge patch (RFC 7396) from the draft to the page as it would be."""
        found: dict[str, Any] = _difference(_plain(self.base), self.document())
        return found

    def _tell(self) -> None:
        for listener in list(self.listeners.values()):
            listener()

    def _levels(self) -> list[tuple[str, str]]:
        return [(platform, level) for platform in self.lists["platforms"] for level in LEVELS]

    def _needs(self, platform: str, level: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in NEEDS:
            typed = self.form.text(f"needs.{platform}.{level}.{name}")
            value = _mib(typed) if name.endswith("_mib") else typed
            if value:
                found[name] = value
        return {"platform": platform, "level": level, **found} if found else {}

    def _medium(self, one: Mapping[str, Any]) -> dict[str, Any]:
        """Return a picture with what it says to whoever does not see it; in one language alone it holds for both."""
        said = [self.form.text(f"alt.{one['image']}.{language}") for language in LANGUAGES]
        medium = {name: value for name, value in one.items() if name != "alt"}
        if any(said):
            russian, english = said
            medium["alt"] = {"ru": russian or english} | ({"en": english} if english else {})
        return medium

    def _release(self) -> dict[str, Any]:
        text = self.form.text
        release = dict(self.base.get("release", {})) | {"stage": text("release.stage") or "coming_soon"}
        day = read_day(text("release.on"))
        release["on"] = day.isoformat() if day else None
        russian, english = text("release.promise.ru"), text("release.promise.en")
        release["promise"] = {"ru": russian or english, "en": english or None} if russian or english else None
        return release


@dataclass
class _Typed(Form):
    """A form that tells of each letter."""

    touched: Callable[[], object] = lambda: None

    def write(self, name: str, value: str) -> None:
        super().write(name, value)
        self.touched()


def _values(page: Document) -> dict[str, str]:
    release = page.get("release", {})
    on = release.get("on")
    found = {
        "title": page.get("title"),
        "website": page.get("website"),
        "age.rating": page.get("age", {}).get("rating", 0),
        "release.stage": release.get("stage"),
        "release.on": write_day(date.fromisoformat(on)) if on else "",
        **{f"release.promise.{one}": (release.get("promise") or {}).get(one) for one in LANGUAGES},
    }
    for one in page.get("media", ()):
        found |= {f"alt.{one['image']}.{language}": said for language, said in (one.get("alt") or {}).items()}
    for language in LANGUAGES:
        said = page.get("texts", {}).get(language, {})
        found |= {f"texts.{language}.{name}": said.get(name) for name in TEXT_FIELDS}
    for needs in page.get("requirements", ()):
        at = f"needs.{needs['platform']}.{needs.get('level', 'minimum')}"
        for name in NEEDS:
            value = needs.get(name)
            found[f"{at}.{name}"] = _gigabytes(value) if name.endswith("_mib") and value else value
    return {name: "" if value is None else str(value) for name, value in found.items()}


def _said(form: Form, language: str) -> dict[str, Any] | None:
    """Return what a page says in one language; none where it says nothing."""
    said = {name: form.text(f"texts.{language}.{name}") for name in TEXT_FIELDS}
    return {name: value for name, value in said.items() if value} or None


def _mib(typed: str) -> int | None:
    """Return gigabytes as people type them, «1,5», in MiB; none: it is no size."""
    try:
        size = round(float(typed.replace(",", ".")) * _MIB_PER_GB)
    except (ValueError, OverflowError):
        return None
    return size if size > 0 else None


def _gigabytes(mib: int) -> str:
    return f"{mib / _MIB_PER_GB:.3f}".rstrip("0").rstrip(".").replace(".", ",")


def _plain(page: Document) -> Document:
    """Return a page without what says nothing, and with the defaults that the platform leaves out."""
    plain = {name: value for name, value in page.items() if value not in (None, [], {}, "")}
    plain["age"] = {name: value for name, value in page.get("age", {"rating": 0}).items() if value != []}
    plain["release"] = {name: value for name, value in page.get("release", {}).items() if value is not None}
    if promise := plain["release"].get("promise"):
        plain["release"]["promise"] = {name: value for name, value in promise.items() if value}
    plain["texts"] = {
        language: {name: value for name, value in said.items() if value}
        for language, said in page.get("texts", {}).items()
    }
    if "languages" in plain:
        plain["languages"] = [
            {"code": one["code"]} | {part: bool(one.get(part, part == "interface")) for part in SPEAKS}
            for one in plain["languages"]
        ]
    if "requirements" in plain:
        plain["requirements"] = [{"level": "minimum", **one} for one in plain["requirements"]]
    return plain


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    patch: dict[str, Any] = {name: None for name in before if name not in after}
    for name, value in after.items():
        former = before.get(name)
        if value == former:
            continue
        if isinstance(former, dict) and isinstance(value, dict):
            patch[name] = _difference(former, value)
        else:
            patch[name] = value
    return patch
