"""What can go wrong with tags.

NotFound
└── TagNotFound     404  catalog.tag_not_found        there is no such tag
Conflict
├── TagBanned       409  catalog.tag_banned           a moderator has taken this tag from this app
└── TooManyTagVotes 409  catalog.too_many_tag_votes   the account has given this app as many tags as it may
"""

from samovar.kit.errors import Conflict, NotFound


class TagNotFound(NotFound):
    """There is no such tag."""

    code = "catalog.tag_not_found"


class TagBanned(Conflict):
    """A moderator has taken this tag from this app."""

    code = "catalog.tag_banned"


class TooManyTagVotes(Conflict):
    """The account has given this app as many tags as it may; the parameter `limit` says how many."""

    code = "catalog.too_many_tag_votes"
