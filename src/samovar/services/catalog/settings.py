"""The settings of catalog: section `catalog`."""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from samovar.kit.settings import Secret, ServiceSettings


class CatalogSettings(ServiceSettings, frozen=True, kw_only=True):
    """What an operator may turn."""

    default_country: Annotated[
        str,
        Meta(
            pattern=r"^[A-Z]{2}\Z",
            description="The country of whoever says none: whose prices and rules they see.",
        ),
    ] = "RU"
    media_store: Annotated[
        str,
        Meta(
            description="Where pictures of pages lie: a folder, or the URL of a bucket, `s3://bucket/prefix`, whose keys come from the "
            "environment. `samovar up` keeps them in the folder of its state."
        ),
    ] = ".samovar/catalog/media"
    unknown_age_level: Annotated[
        Literal[0, 6, 12, 16, 18],
        Meta(
            description="The highest age mark that is shown and sold to those whose age is not known, signed in or not."
        ),
    ] = 16
    search_folder: Annotated[
        Path | None,
        Meta(
            description="Where the search index lies, so that a process that starts again need not build it anew; each process "
            "takes a folder of its own in it. By default a temporary folder. Remove it when the database is restored from a backup."
        ),
    ] = None
    search_elasticsearch_url: Annotated[
        Secret | None,
        Meta(
            description="`https://name:password@host:9200` of an Elasticsearch that holds the text of the search index for all processes. By "
            "default each process holds its own (tantivy). This has met no real cluster yet: read ADR 79 first."
        ),
    ] = None
    search_elasticsearch_index: Annotated[
        str,
        Meta(
            pattern=r"^[a-z][a-z0-9-]{0,99}\Z",
            description="The alias of the index in Elasticsearch; the indexes themselves are named after it.",
        ),
    ] = "samovar-apps"
    review_play_minutes_min: Annotated[
        int,
        Meta(
            ge=0,
            le=600,
            description="How many minutes one must have played before writing a review, where play time is counted.",
        ),
    ] = 5
    wish_discount_percent_min: Annotated[
        int,
        Meta(
            ge=1, le=95, description="From how many percent off those who want a game are told of a discount."
        ),
    ] = 20
