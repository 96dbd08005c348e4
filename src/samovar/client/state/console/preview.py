"""A page as players would see it, made of what is edited."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from samovar.client.api.catalog import Named
from samovar.client.api.console.pages import Document
from samovar.client.api.game_pages import (
    AgeMark,
    GamePage,
    Medium,
    Release,
    Requirements,
    SpokenLanguage,
)
from samovar.client.state.names import name_of

_FIELDS = ("platform", "level", "os", "cpu", "gpu", "memory_mib", "storage_mib", "note")


def preview_of(
    page: Document, language: str, *, genres: Mapping[str, str], tags: Mapping[str, str]
) -> GamePage:
    """Return the page of a draft; what is missing in the language is shown in the other one, as the platform does.

    Args:
        page: The draft.
        language: `ru` or `en`.
        genres: The names of genres by their slugs.
        tags: The names of tags by their slugs.
    """
    texts = page.get("texts", {})
    said = texts.get(language) or texts.get("en" if language == "ru" else "ru") or {}
    release = page.get("release", {})
    promise = release.get("promise") or {}
    age = page.get("age", {})
    media = [_medium(one, language) for one in page.get("media", ())]
    on = release.get("on")
    return GamePage(
        id="preview",
        slug=str(page.get("slug", "")),
        title=said.get("title") or page.get("title", ""),
        kind=page.get("kind", "game"),
        short_description=said.get("short_description", ""),
        description=said.get("description", ""),
        capsule_url=next((one.url for one in media if one.kind == "capsule"), None),
        tags=[Named(one, tags.get(one, one)) for one in page.get("tags", ())],
        genres=[Named(one, genres.get(one, one)) for one in page.get("genres", ())],
        platforms=list(page.get("platforms", ())),
        age_rating=int(age.get("rating", 0)),
        age=AgeMark(int(age.get("rating", 0)), list(age.get("descriptors", ()))),
        stage=release.get("stage", "coming_soon"),
        release=Release(
            release.get("stage", "coming_soon"),
            date.fromisoformat(on) if on else None,
            promise.get(language) or promise.get("ru"),
        ),
        media=media,
        languages=[
            SpokenLanguage(
                one["code"],
                bool(one.get("interface", True)),
                bool(one.get("voice")),
                bool(one.get("subtitles")),
            )
            for one in page.get("languages", ())
        ],
        requirements=[
            Requirements(**{"level": "minimum"} | {name: one[name] for name in _FIELDS if name in one})
            for one in page.get("requirements", ())
        ],
        categories=[],
        features=[],
        developers=[],
        publishers=[],
        packages=[],
        dlc=[],
    )


def _medium(one: Mapping[str, Any], language: str) -> Medium:
    alt = name_of(one.get("alt") or {}, language)
    return Medium(one["kind"], f"/v1/media/{one['image']}", alt or None)
