"""The settings of catalog: section `catalog`."""

from typing import Annotated, Literal

from msgspec import Meta

from samovar.kit.settings import ServiceSettings


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
    anonymous_age_level: Annotated[
        Literal[0, 6, 12, 16, 18],
        Meta(description="The highest age mark that is shown to whoever is not signed in."),
    ] = 16
