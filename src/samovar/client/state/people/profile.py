"""What one says of oneself, as a form."""

from typing import Any

from samovar.client.api.account.profiles import Me
from samovar.client.state.forms import Form

LINKS_MAX = 5
_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_WEBP_AT = slice(8, 12)


def values_of(me: Me) -> dict[str, str]:
    """Return a form filled in with what is there."""
    values = {
        "display_name": me.display_name,
        "name": me.name or "",
        "bio": me.bio,
        "is_country_shown": "yes" if me.is_country_shown else "",
    }
    for at, link in enumerate(me.links):
        values[f"title.{at}"] = link.title
        values[f"url.{at}"] = link.url
    return values


def change_of(form: Form) -> dict[str, Any]:
    """Return what is sent: all of it, a link whose two fields are empty left out."""
    links = [
        {"title": form.text(f"title.{at}") or form.text(f"url.{at}")[:40], "url": form.text(f"url.{at}")}
        for at in range(LINKS_MAX)
        if form.text(f"title.{at}") or form.text(f"url.{at}")
    ]
    return {
        "display_name": form.text("display_name"),
        "name": form.text("name") or None,
        "bio": form.text("bio"),
        "links": links,
        "is_country_shown": form.chosen("is_country_shown"),
    }


def picture_kind(content: bytes) -> str | None:
    """Return the media type of a picture by its first bytes; none where it is no picture that the platform takes."""
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    is_webp = content.startswith(b"RIFF") and content[_WEBP_AT] == b"WEBP"
    return "image/webp" if is_webp else None
