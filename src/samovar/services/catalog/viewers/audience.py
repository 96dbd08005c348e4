"""Who looks, for every room that shows something.

viewer = await audience.of(caller, country=country, language=accept_language)
viewer.check(app.age_rating, app.visible)
"""

from typing import Annotated

from msgspec import Meta

from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.i18n import language_of
from samovar.kit.identity import Caller
from samovar.kit.rest.parameters import header
from samovar.kit.text.countries import COUNTRIES
from samovar.services.catalog.domain import Country, Viewer
from samovar.services.catalog.viewers import repository

CountryParameter = (
    Annotated[
        Country,
        Meta(
            description="Whose prices and rules: ISO 3166-1 alpha-2. By default the one that the caller named."
        ),
    ]
    | None
)
AcceptLanguage = Annotated[str | None, header("Accept-Language")]


class Audience:
    """Says who a caller is to the store.

    Args:
        default_country: Of whoever says none.
        unknown_age_level: The highest age mark for those whose age is not known, signed in or not.
    """

    def __init__(self, database: Database, *, default_country: str, unknown_age_level: int) -> None:
        self._database = database
        self._default_country = default_country
        self._unknown_age_level = unknown_age_level

    async def of(
        self, caller: Caller | None, *, country: str | None = None, language: str | None = None
    ) -> Viewer:
        """Return who looks.

        Args:
            caller: None for whoever is not signed in.
            country: What the request names; it wins over what the person has said.
            language: `Accept-Language`.

        Raises:
            InvalidInput: There is no such country.
        """
        if country is not None and country not in COUNTRIES:
            raise InvalidInput(
                country, fields=[FieldError("country", "country_unknown", "there is no such country")]
            )
        known = await repository.find_viewer(self._database, caller.account_id) if caller else None
        return Viewer(
            account_id=caller.account_id if caller else None,
            country=country or (known.country if known else None) or self._default_country,
            age_level=self._unknown_age_level
            if known is None or known.age_level is None
            else known.age_level,
            language=language_of(language),
        )
