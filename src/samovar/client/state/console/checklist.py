"""What an app still needs on its way to the store, and where that is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from samovar.client.api.console.pages import Lack

# The fields that catalog names, by what a developer calls them.
_ITEMS = {
    "text": ("texts.ru", "texts.ru.description"),
    "cover": ("media",),
    "tags": ("tags",),
    "price": ("packages",),
}
_WHERE = {
    "text": "page",
    "cover": "page?part=pictures",
    "tags": "page?part=words",
    "price": "prices",
    "build": "builds",
    "legal": "",
}


TAGS_NEEDED = 5


@dataclass(frozen=True)
class Item:
    """One thing of the list.

    Attributes:
        name: `text`, `cover`, `tags`, `price`, `build` or `legal`.
        where: The part of the app's screens where it is done; empty for `legal`, which is the organisation's.
        is_needed: Without it nothing is submitted; else it is only good to have.
    """

    name: str
    is_done: bool
    where: str
    is_needed: bool = True


def checklist(
    needed: Sequence[Lack], *, tags: int, has_package: bool, has_build: bool, is_confirmed: bool
) -> list[Item]:
    """Return the list.

    Args:
        needed: What catalog says that the page lacks. Of a game that is still to come it asks for no tags and no package.
        tags: How many the page has.
        has_package: Something is sold on the page.
        has_build: The main branch gives one.
        is_confirmed: The organisation is what it says that it is in law.
    """
    lacking = {one.field for one in needed}
    is_there = {"tags": tags >= TAGS_NEEDED, "price": has_package}
    found = []
    for name, fields in _ITEMS.items():
        is_lacking = bool(lacking.intersection(fields))
        is_done = not is_lacking and is_there.get(name, True)
        found.append(Item(name, is_done=is_done, where=_WHERE[name], is_needed=is_done or is_lacking))
    found.append(Item("build", is_done=has_build, where=_WHERE["build"], is_needed=False))
    found.append(Item("legal", is_done=is_confirmed, where=_WHERE["legal"]))
    return found
