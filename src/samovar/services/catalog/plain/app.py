"""Plain pages, put together."""

from importlib import resources

from samovar.kit.i18n import Catalogue
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.catalog.plain import api
from samovar.services.catalog.plain.rendering import PlainPages

ROUTES = routes_in(api)


def build_plain(kit: Kit) -> dict[str, object]:
    """Build what the routes of plain pages ask for by name."""
    catalogue = Catalogue.load(
        resources.files(package) / "locale" for package in ("samovar.kit", "samovar.services.catalog")
    )
    return {"plain_pages": PlainPages(catalogue, kit.platform.origin)}
