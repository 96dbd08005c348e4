"""Lists of countries, held against those that there are."""

from collections.abc import Sequence

from samovar.kit.errors import FieldError
from samovar.kit.text.countries import COUNTRIES


def unknown_countries(countries: Sequence[str], field: str) -> list[FieldError]:
    """Return the faults of a list of countries: those that do not exist."""
    return [
        FieldError(f"{field}[{place}]", "country_unknown", f"there is no country {country}")
        for place, country in enumerate(countries)
        if country not in COUNTRIES
    ]
