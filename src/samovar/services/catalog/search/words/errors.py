"""What can go wrong with aliases.

NotFound
└── AliasNotFound  404  catalog.alias_not_found  no operator added such an alias
Conflict
└── AliasesFull    409  catalog.aliases_full     as many as there may be
"""

from samovar.kit.errors import Conflict, NotFound


class AliasNotFound(NotFound):
    """No operator added such an alias; the common ones are part of the program."""

    code = "catalog.alias_not_found"


class AliasesFull(Conflict):
    """There are as many aliases as there may be; the parameter `limit` says how many."""

    code = "catalog.aliases_full"
