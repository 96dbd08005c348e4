"""What the copy of catalog's apps does by the clock."""

from samovar.kit.workers import every
from samovar.services.library.apps.use_cases import AppCopies


@every(2)
async def copy_apps(app_copies: AppCopies) -> None:
    """Copy what has changed; while catalog is away the old copy stays."""
    await app_copies.copy()
