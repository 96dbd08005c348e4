"""The declaration of catalog."""

from samovar.kit.runtime import Service

service = Service(
    name="catalog",
    summary="The store: games, prices, tags, search, reviews, wishlists",
    package=__package__,
)
