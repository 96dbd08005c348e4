"""What can go wrong with wishlists.

Conflict
├── AlreadyOwned  409  catalog.already_owned  what one has is not wished for
├── AppIgnored    409  catalog.app_ignored    what one does not want to see is not wished for
└── ListFull      409  catalog.list_full      says how much a list holds
"""

from samovar.kit.errors import Conflict


class AlreadyOwned(Conflict):
    """The caller has the game."""

    code = "catalog.already_owned"


class AppIgnored(Conflict):
    """The caller does not want to be shown the game."""

    code = "catalog.app_ignored"


class ListFull(Conflict):
    """The list holds as much as it may; the parameter `limit` says how much."""

    code = "catalog.list_full"
