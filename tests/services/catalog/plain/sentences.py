"""The sentences that plain pages are made of."""

from importlib import resources

from samovar.kit.i18n import Catalogue

CATALOGUE = Catalogue.load(
    resources.files(package) / "locale" for package in ("samovar.kit", "samovar.services.catalog")
)
