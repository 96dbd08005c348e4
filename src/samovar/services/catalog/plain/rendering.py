"""The store as HTML: everything escaped, nothing from another origin, no script but the one that starts the client."""

from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

import msgspec

from samovar.kit.errors import SamovarError
from samovar.kit.i18n import LANGUAGES, Catalogue, Language, format_date, format_money, format_size
from samovar.kit.money import Money
from samovar.kit.rest.answers import Answer
from samovar.kit.text.templates import Template, TemplateError
from samovar.services.catalog.apps.pages.schemas import GamePage, RequirementsSeen
from samovar.services.catalog.listing.schemas import GameItem, PriceShown
from samovar.services.catalog.plain import linked_data

HTML = "text/html; charset=utf-8"
COVER_WIDTH, CARD_WIDTH, SHOT_WIDTH, PREVIEW_WIDTH = 640, 320, 640, 1280
SHOTS_MAX = 6
DESCRIPTION_LENGTH_MAX = 200
_LAYOUT = "layout"
_LOCALES = {"ru": "ru_RU", "en": "en_US"}
# The client runs on the same document, so the rules are those of its own page: `wasm-unsafe-eval` compiles its engine, which also
# writes `style` elements; scripts, pictures and calls come from our origin alone.
_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; connect-src 'self' data:; "
    "img-src 'self' data: blob:; font-src 'self'; media-src 'self' blob:; manifest-src 'self'; worker-src 'self' blob:; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Language",
}


class Shelf(msgspec.Struct, frozen=True):
    """A row of games on the first page; `name` is that of its heading in the message catalogue."""

    name: str
    games: Sequence[GameItem]


class PlainPages:
    """All plain pages, read once.

    Attributes:
        origin: The address that clients use.

    Args:
        catalogue: The sentences.
        origin: The same, from the settings.

    Raises:
        TemplateError: A template is wrong, or names a sentence that some language lacks.
    """

    def __init__(self, catalogue: Catalogue, origin: str) -> None:
        self._catalogue = catalogue
        self.origin = origin.rstrip("/")
        folder = resources.files(__package__) / "templates"
        self._style = (folder / "style.css").read_text("utf-8")
        self._templates = {
            name: Template(name, (folder / f"{name}.html").read_text("utf-8"), holds_markup=name == _LAYOUT)
            for name in (_LAYOUT, "home", "game", "refused")
        }
        for name, template in self._templates.items():
            for key in template.sentences():
                if any(key not in catalogue.messages[language] for language in LANGUAGES):
                    raise TemplateError(f"{name}: the sentence {key} is missing")

    def game(self, page: GamePage, language: Language) -> bytes:
        """Return the page of a game."""
        address = f"{self.origin}/game/{page.slug}"
        picture = _picture(page, "header", "capsule", "screenshot")
        image = f"{self.origin}{picture}?width={PREVIEW_WIDTH}" if picture else None
        canonical = address + _suffix(language)
        data = linked_data.game(page, origin=self.origin, address=canonical, image=image)
        return self._whole(
            "game",
            language,
            title=self._words("game.title", language, name=page.title),
            description=page.short_description,
            address=address,
            image=image,
            linked=data,
            values=self._game(page, language),
        )

    def home(self, shelves: Sequence[Shelf], language: Language) -> bytes:
        """Return the first page of the store."""
        filled = [shelf for shelf in shelves if shelf.games]
        games = list({item.id: item for shelf in filled for item in shelf.games}.values())
        brand = self._words("brand", language)
        return self._whole(
            "home",
            language,
            title=self._words("home.title", language),
            description=self._words("home.lead", language),
            address=f"{self.origin}/",
            image=None,
            linked=linked_data.store(games, origin=self.origin, name=brand),
            values={
                "shelves": [
                    {
                        "heading": self._words(f"home.{shelf.name}", language),
                        "games": [self._card(item, language) for item in shelf.games],
                    }
                    for shelf in filled
                ]
            },
        )

    def refused(self, error: SamovarError, path: str, language: Language) -> Answer:
        """Return the page that says why there is nothing to see; the client may show more to whoever is signed in."""
        title = self._catalogue.text(f"{error.code}.title", language, **error.params)
        text = self._catalogue.text(f"{error.code}.detail", language, **error.params)
        body = self._whole(
            "refused",
            language,
            title=title,
            description=text,
            address=f"{self.origin}{path}",
            image=None,
            linked=None,
            values={"title": title, "text": text},
        )
        headers = {**HEADERS, "Cache-Control": "no-store"}
        return Answer(body, status=error.http_status, media_type=HTML, headers=headers)

    def _whole(
        self,
        name: str,
        language: Language,
        *,
        title: str,
        description: str,
        address: str,
        image: str | None,
        linked: dict[str, Any] | None,
        values: Mapping[str, Any],
    ) -> bytes:
        suffix = _suffix(language)
        content = self._templates[name].fill(self._catalogue, language, {**values, "suffix": suffix})
        whole = self._templates[_LAYOUT].fill(
            self._catalogue,
            language,
            {
                "language": language,
                "title": title,
                "description": _cut(description),
                "address": address,
                "canonical": address + suffix,
                "suffix": suffix,
                "locale": _LOCALES[language],
                "other_locale": _LOCALES["ru" if language == "en" else "en"],
                "image": image,
                "card": "summary_large_image" if image else "summary",
                "is_indexed": linked is not None,
                "linked_data": linked_data.script(linked) if linked else "",
                "style": self._style,
                "content": content,
            },
        )
        return whole.encode()

    def _game(self, page: GamePage, language: Language) -> dict[str, Any]:
        """Return what the template of a game names."""
        cover = _picture(page, "capsule", "header")
        shots = [one for one in page.media if one.kind == "screenshot"][:SHOTS_MAX]
        suffix = _suffix(language)
        return {
            "name": page.title,
            "short_description": page.short_description,
            "base": [{"href": f"/game/{page.base.slug}{suffix}", "name": page.base.title}]
            if page.base
            else [],
            "cover": [{"src": f"{cover}?width={COVER_WIDTH}"}] if cover else [],
            "price": [_price(page.price, self, language)] if page.price else [],
            "facts": self._facts(page, language),
            "paragraphs": [{"text": text.strip()} for text in page.description.split("\n\n") if text.strip()],
            "shots": _some(
                {"src": f"{one.url}?width={SHOT_WIDTH}", "alt": one.alt or page.title} for one in shots
            ),
            "packages": _some(
                {"label": one.name, "cost": self.cost(one.price.final, language) if one.price else "—"}
                for one in page.packages
            ),
            "requirements": _some(
                {"label": self._platform(one, language), "needs": self._needs(one, language)}
                for one in page.requirements
            ),
            "dlc": _some({"href": f"/game/{one.slug}{suffix}", "label": one.title} for one in page.dlc),
        }

    def _facts(self, page: GamePage, language: Language) -> list[dict[str, str]]:
        """Return the short lines beside the picture; what is not known is left out."""
        release = page.release.promise or (
            format_date(page.release_date, language) if page.release_date else ""
        )
        review = ""
        if page.review_label is not None:
            label = self._catalogue.text(f"catalog.review_label.{page.review_label}", language)
            review = self._words(
                "review", language, label=label, percent=page.review_score, count=page.review_count
            )
        lines = {
            "reviews": review,
            "genres": ", ".join(one.name for one in page.genres),
            "developers": ", ".join(one.name for one in page.developers),
            "publishers": ", ".join(one.name for one in page.publishers),
            "release": release,
            "platforms": ", ".join(linked_data.SYSTEMS.get(one, one) for one in page.platforms),
            "age": f"{page.age.rating}+",
        }
        return [
            {"term": self._words(f"facts.{name}", language), "words": words}
            for name, words in lines.items()
            if words
        ]

    def _card(self, item: GameItem, language: Language) -> dict[str, Any]:
        return {
            "href": f"/game/{item.slug}{_suffix(language)}",
            "name": item.title,
            "cover": [{"src": f"{item.capsule_url}?width={CARD_WIDTH}"}] if item.capsule_url else [],
            "cost": self.cost(item.price.final, language) if item.price else "",
        }

    def cost(self, money: Money, language: Language) -> str:
        """Return what something costs, in words."""
        return format_money(money, language) if money.amount else self._words("free", language)

    def _platform(self, one: RequirementsSeen, language: Language) -> str:
        level = "recommended" if one.level == "recommended" else "minimum"
        system = linked_data.SYSTEMS.get(one.platform, one.platform)
        return self._words(f"level.{level}", language, system=system)

    def _needs(self, one: RequirementsSeen, language: Language) -> str:
        memory = _binary(one.memory_mib, language) if one.memory_mib else None
        storage = _binary(one.storage_mib, language) if one.storage_mib else None
        parts = (
            one.os,
            one.cpu,
            one.gpu,
            self._words("memory", language, size=memory) if memory else None,
            self._words("storage", language, size=storage) if storage else None,
            one.note,
        )
        return ", ".join(part for part in parts if part)

    def _words(self, key: str, language: Language, /, **values: Any) -> str:
        return self._catalogue.text(f"catalog.plain.{key}", language, **values)


def _price(price: PriceShown, pages: PlainPages, language: Language) -> dict[str, Any]:
    return {
        "now": pages.cost(price.final, language),
        "was": format_money(price.base, language) if price.discount_percent else "",
        "off": f"−{price.discount_percent}\u00a0%" if language == "ru" else f"−{price.discount_percent}%",
    }


def _binary(mebibytes: int, language: Language) -> str:
    """Return an amount as requirements are written, in steps of 1024: what is sold as 8 GB of memory reads «8 ГБ»."""
    for step, unit in ((1_048_576, 10**12), (1_024, 10**9), (1, 10**6)):
        if mebibytes >= step:
            return format_size(round(mebibytes / step * unit), language)
    return format_size(0, language)


def _some(items: Any) -> list[dict[str, Any]]:
    """Return a section that stands there once when there is something in it."""
    found = list(items)
    return [{"items": found}] if found else []


def _picture(page: GamePage, *kinds: str) -> str | None:
    """Return the first picture of the kind that is wanted most."""
    by_kind = {one.kind: one.url for one in reversed(page.media)}
    return next((by_kind[kind] for kind in kinds if kind in by_kind), None)


def _suffix(language: Language) -> str:
    return "?lang=en" if language == "en" else ""


def _cut(text: str) -> str:
    """Return a text that previews show whole, in one line."""
    line = " ".join(text.split())
    if len(line) <= DESCRIPTION_LENGTH_MAX:
        return line
    return line[: DESCRIPTION_LENGTH_MAX - 1].rsplit(" ", 1)[0].rstrip(",.;:—- ") + "…"
