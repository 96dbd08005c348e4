"""The organisation that publishes the invented games, so that whoever signs in as its developer sees earnings, acts and payouts.

Its numbers are right and nobody's: no tax office and no bank has such ones.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from samovar.demo.sources import FOLDER, Written

NEEDED = frozenset({"developer", "payment"})
"""The services without which there is no organisation to found."""
ORGANISATIONS = "/v1/dev/organizations"


class Legal(Written, frozen=True, kw_only=True):
    """What it is in law."""

    legal_form: str
    legal_name: str
    inn: str
    kpp: str
    ogrn: str


class Studio(Written, frozen=True, kw_only=True):
    """The organisation as it is written.

    Attributes:
        owner: The login of who founds it.
        payee: To whom and where it is paid, beside its numbers in law.
    """

    owner: str
    name: str
    legal: Legal
    payee: dict[str, str]


def read() -> Studio:
    """Read what it is."""
    return msgspec.toml.decode((FOLDER / "studio.toml").read_bytes(), type=Studio)


def legal_body(studio: Studio) -> dict[str, Any]:
    """Return what `PUT …/legal` takes."""
    return msgspec.structs.asdict(studio.legal)


def payee_body(studio: Studio) -> dict[str, Any]:
    """Return what `PUT /v1/dev/payees/{id}` takes."""
    legal = studio.legal
    numbers = {"inn": legal.inn, "kpp": legal.kpp, "ogrn": legal.ogrn}
    return {"legal_form": legal.legal_form, "name": legal.legal_name, **numbers, **studio.payee}


def id_in(mine: Iterable[dict[str, Any]], studio: Studio) -> str | None:
    """Return the id of the organisation among those that its owner is in; none when it is not founded."""
    ids = [one["organisation"]["id"] for one in mine if one["organisation"]["name"] == studio.name]
    return ids[0] if ids else None
