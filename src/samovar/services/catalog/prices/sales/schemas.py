"""The shapes of sales that travel."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from samovar.services.catalog.domain import Slug

Moment = Annotated[datetime, Meta(tz=True)]
SaleName = Annotated[str, Meta(min_length=1, max_length=100)]


class SaleNames(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a sale is called."""

    ru: SaleName
    en: SaleName


class NewSale(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sale to be announced.

    Attributes:
        join_until: Until when packages may join, at the latest when it ends.
    """

    slug: Slug
    names: SaleNames
    starts_at: Moment
    ends_at: Moment
    join_until: Moment


class SaleChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of a sale shall be otherwise; what is absent stays. Beginning and end stay once a package has joined."""

    names: SaleNames | UnsetType = UNSET
    starts_at: Moment | UnsetType = UNSET
    ends_at: Moment | UnsetType = UNSET
    join_until: Moment | UnsetType = UNSET


class Sale(msgspec.Struct, frozen=True, kw_only=True):
    """A sale.

    Attributes:
        canceled_at: It was called off then; lists leave it out.
    """

    id: UUID
    slug: str
    names: SaleNames
    starts_at: datetime
    ends_at: datetime
    join_until: datetime
    canceled_at: datetime | None
    version: int
