"""The lines of a catalogue file: one JSON object a line, told apart by `record`. `docs/catalog-import.md` says it in words.

    line = LINES.decode(b'{"record": "term", "kind": "tag", "slug": "rogue-like", "names": {"ru": "Рогалик"}}')

Things are named by their slugs alone, so a file means the same in every database.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import AMOUNT_MAX, Currency
from samovar.services.catalog.domain import EVERYWHERE, AppState, Availability, Slug, TermKind
from samovar.services.catalog.editing.schemas import Changes, ReleaseName
from samovar.services.catalog.packages.bundles.schemas import Descriptions
from samovar.services.catalog.schemas import (
    MEDIA_MAX,
    AppDocument,
    ImageHash,
    MediumKind,
    Names,
    Record,
)

KEY_LENGTH_MAX = 200
FILE_LENGTH_MAX = 500
WEBSITE_LENGTH_MAX = 300
CONTENTS_MAX = 100
BUNDLED_MAX = 50
REGIONS_MAX = 300
PLACE_MAX = 99
BUNDLED_MIN = 2
POPULARITY_MAX = 1e12
PERCENT_MAX = 95

OfferState = Literal["draft", "on_sale", "withdrawn"]
OriginKey = Annotated[str, Meta(min_length=1, max_length=KEY_LENGTH_MAX)]
Region = Annotated[
    str,
    Meta(pattern=r"^[A-Z]{2,10}\Z", description="A country or a group of countries.", examples=["RU"]),
]
Moment = Annotated[datetime, Meta(tz=True)]
Amount = Annotated[int, Meta(ge=0, le=AMOUNT_MAX, description="Minor units: kopecks.")]


class BasePrice(Record, frozen=True, kw_only=True):
    """What a package costs in a region without any discount."""

    amount: Amount
    currency: Currency


class MediumLine(Record, frozen=True, kw_only=True):
    """A picture of a page: one that is in the store of media already, or a file that goes there.

    Attributes:
        image: The SHA-256 of a stored image.
        file: A path relative to the catalogue file, instead of `image`; it never leaves the file's folder.
        width: Pixels; read from the picture itself where `file` names one.
        height: As `width`.
    """

    kind: MediumKind
    image: ImageHash | None = None
    file: Annotated[str, Meta(min_length=1, max_length=FILE_LENGTH_MAX)] | None = None
    width: Annotated[int, Meta(ge=1, le=16_384)] | None = None
    height: Annotated[int, Meta(ge=1, le=16_384)] | None = None
    alt: Names | None = None

    def __post_init__(self) -> None:
        if (self.image is None) == (self.file is None):
            raise ValueError("a medium has either an image or a file")
        if self.image is not None and (self.width is None or self.height is None):
            raise ValueError("a stored image comes with its width and height")


class Page(AppDocument, frozen=True, kw_only=True):
    """The page of an app as `AppDocument` has it, but a medium may be a file."""

    media: Annotated[list[MediumLine], Meta(max_length=MEDIA_MAX)] = msgspec.field(default_factory=list)  # type: ignore[assignment]  # Only decoded.


class TermLine(Record, frozen=True, kw_only=True, tag_field="record", tag="term"):
    """A word of the taxonomy."""

    kind: TermKind
    slug: Slug
    names: Names


class CreatorLine(Record, frozen=True, kw_only=True, tag_field="record", tag="creator"):
    """Who is credited as developer or publisher."""

    slug: Slug
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    website: Annotated[str, Meta(max_length=WEBSITE_LENGTH_MAX, pattern=r"^https?://[^\s]+\Z")] | None = None
    organisation_id: UUID | None = None


class AppLine(Record, frozen=True, kw_only=True, tag_field="record", tag="app"):
    """An app with its page.

    Attributes:
        early_access_at: When it came out in early access here; left out, by its page. Discounts ask for the moment.
        released_at: When it came out in full here.
        origin: Where it comes from; a line changes only apps of its own origin.
        key: Its stable key there.
        popularity: How much it is asked for, in any scale; lists are ordered by it.
        page: The document; `page.slug` names the app everywhere else in the file.
    """

    origin: Slug = "own"
    key: OriginKey | None = None
    state: AppState = "published"
    organisation_id: UUID | None = None
    popularity: Annotated[float, Meta(ge=0, le=POPULARITY_MAX)] = 0.0
    early_access_at: Moment | None = None
    released_at: Moment | None = None
    page: Page


class ChangelogLine(Record, frozen=True, kw_only=True, tag_field="record", tag="changelog"):
    """What changed in a release of an app; release and moment together name the entry."""

    app: Slug
    release: ReleaseName
    texts: Changes
    published_at: Moment


class PackageLine(Record, frozen=True, kw_only=True, tag_field="record", tag="package"):
    """What is sold: one or more apps at a price.

    Attributes:
        app: The page on which it is offered.
        place: 0 for the standard one, then the editions in their order.
        contents: The apps that a buyer gets.
        prices: By region. A region that is left out keeps the price that it has.
    """

    slug: Slug
    app: Slug
    names: Names
    place: Annotated[int, Meta(ge=0, le=PLACE_MAX)] = 0
    state: OfferState = "on_sale"
    is_preorder: bool = False
    contents: Annotated[list[Slug], Meta(min_length=1, max_length=CONTENTS_MAX)]
    sold: Availability = EVERYWHERE
    activatable: Availability = EVERYWHERE
    prices: Annotated[dict[Region, BasePrice], Meta(max_length=REGIONS_MAX)] = msgspec.field(
        default_factory=dict
    )


class BundleLine(Record, frozen=True, kw_only=True, tag_field="record", tag="bundle"):
    """Several packages at a discount."""

    slug: Slug
    names: Names
    descriptions: Descriptions = Descriptions()
    kind: Literal["complete_the_set", "must_purchase_together"]
    discount_percent: Annotated[int, Meta(ge=0, le=PERCENT_MAX)]
    state: OfferState = "on_sale"
    organisation_id: UUID | None = None
    packages: Annotated[list[Slug], Meta(min_length=BUNDLED_MIN, max_length=BUNDLED_MAX)]


class DiscountLine(Record, frozen=True, kw_only=True, tag_field="record", tag="discount"):
    """A discount on a package, judged as if its owner had made it now; package, kind and beginning name it."""

    package: Slug
    kind: Literal["launch", "custom", "seasonal"]
    percent: Annotated[int, Meta(ge=1, le=PERCENT_MAX)]
    starts_at: Moment
    ends_at: Moment


class PriceHistoryLine(Record, frozen=True, kw_only=True, tag_field="record", tag="price_history"):
    """What a package cost without discount from a moment of the past on; only an operator's import says so."""

    package: Slug
    region: Region
    amount: Amount
    currency: Currency
    since: Moment


Line = (
    TermLine
    | CreatorLine
    | AppLine
    | ChangelogLine
    | PackageLine
    | BundleLine
    | DiscountLine
    | PriceHistoryLine
)
LINES: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)
