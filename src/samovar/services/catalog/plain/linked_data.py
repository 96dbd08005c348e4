"""What machines read of a page: JSON-LD in the words of schema.org, and the tags of previews. Pure."""

import json
from collections.abc import Sequence
from typing import Any

from samovar.kit.money import Money, minor_digits
from samovar.services.catalog.apps.pages.schemas import GamePage
from samovar.services.catalog.listing.schemas import GameItem

_CONTEXT = "https://schema.org"
# In a script element nothing may end it or begin a comment, and a line may not end inside a string.
_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
SYSTEMS = {
    "windows": "Windows",
    "macos": "macOS",
    "linux": "Linux",
    "android": "Android",
    "ios": "iOS",
    "web": "Web",
}
_AVAILABLE, _PREORDER = "InStock", "PreOrder"


def script(data: dict[str, Any]) -> str:
    """Return a script element with data, whatever texts are in it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)
    return f'<script type="application/ld+json">{text}</script>\n'


def decimal(money: Money) -> str:
    """Return an amount as schema.org writes it: `1299.00`."""
    digits = minor_digits(money.currency)
    units, rest = divmod(money.amount, 10**digits)
    return f"{units}.{rest:0{digits}}" if digits else str(units)


def game(page: GamePage, *, origin: str, address: str, image: str | None) -> dict[str, Any]:
    """Return a game with what it costs and how it is liked.

    Google shows games only where they are an application, too:
    https://developers.google.com/search/docs/appearance/structured-data/software-app
    """
    said: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": ["VideoGame", "SoftwareApplication"],
        "@id": f"{origin}/game/{page.slug}",
        "name": page.title,
        "description": page.short_description,
        "url": address,
        "inLanguage": [one.code for one in page.languages],
        "genre": [one.name for one in page.genres],
        "gamePlatform": [SYSTEMS.get(one, one) for one in page.platforms],
        "operatingSystem": ", ".join(SYSTEMS.get(one, one) for one in page.platforms),
        "applicationCategory": "GameApplication",
        "contentRating": f"{page.age.rating}+",
        "author": [_organisation(one.name) for one in page.developers],
        "publisher": [_organisation(one.name) for one in page.publishers],
        "image": image,
        "screenshot": [origin + one.url for one in page.media if one.kind == "screenshot"],
        "datePublished": page.release_date.isoformat() if page.release_date else None,
        "alternateName": page.original_title if page.original_title != page.title else None,
        "offers": [offer for one in page.packages if (offer := _offer(one.name, one, address))],
    }
    if page.review_score is not None:
        said["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": page.review_score,
            "bestRating": 100,
            "worstRating": 0,
            "ratingCount": page.review_count,
        }
    return {name: value for name, value in said.items() if value not in (None, [], "")}


def store(items: Sequence[GameItem], *, origin: str, name: str) -> dict[str, Any]:
    """Return the store, how it is searched, and a list of games."""
    search = {"@type": "EntryPoint", "urlTemplate": f"{origin}/search?query={{search_term_string}}"}
    return {
        "@context": _CONTEXT,
        "@graph": [
            {
                "@type": "WebSite",
                "@id": f"{origin}/",
                "name": name,
                "url": f"{origin}/",
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": search,
                    "query-input": "required name=search_term_string",
                },
            },
            {
                "@type": "ItemList",
                "itemListElement": [
                    {
                        "@type": "ListItem",
                        "position": place,
                        "url": f"{origin}/game/{item.slug}",
                        "name": item.title,
                    }
                    for place, item in enumerate(items, 1)
                ],
            },
        ],
    }


def _organisation(name: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name}


def _offer(name: str, package: Any, address: str) -> dict[str, Any] | None:
    if package.price is None:
        return None
    offer: dict[str, Any] = {
        "@type": "Offer",
        "name": name,
        "price": decimal(package.price.final),
        "priceCurrency": package.price.final.currency,
        "availability": f"{_CONTEXT}/{_PREORDER if package.is_preorder else _AVAILABLE}",
        "url": address,
    }
    if package.price.ends_at is not None:
        offer["priceValidUntil"] = package.price.ends_at.date().isoformat()
    return offer
