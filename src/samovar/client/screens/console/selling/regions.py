"""What the regions of prices are called."""

from samovar.client.state.words import Words


def region_name(words: Words, code: str) -> str:
    """Return what a country or a group of countries is called, its code where it has no name here."""
    key = f"region.{code}"
    return words(key) if words.has(key) else code
