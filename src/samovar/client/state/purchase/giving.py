"""For whom something is bought."""

import msgspec

from samovar.client.api.payment import Item


def given(item: Item, friend: str | None) -> Item:
    """Return a wish as one for a friend, or for oneself: a message goes with a gift alone."""
    message = item.message if friend is not None and friend == item.gift_to else None
    return msgspec.structs.replace(item, gift_to=friend, message=message)
