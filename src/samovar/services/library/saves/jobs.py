"""What saves do by the clock."""

from samovar.kit.workers import every
from samovar.services.library.saves.use_cases import SaveWaste


@every(600)
async def delete_unreferenced_contents(save_waste: SaveWaste) -> None:
    """Delete contents that no version has had for a day."""
    await save_waste.delete_all()
