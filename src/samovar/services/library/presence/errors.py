"""What can go wrong with presence.

Unavailable
└── FriendsUnknown  503  library.friends_unknown  account is away: nobody can say who shows what to whom
"""

from samovar.kit.errors import Unavailable


class FriendsUnknown(Unavailable):
    """Account is away, and nobody else knows who is whose friend and who shows what to whom."""

    code = "library.friends_unknown"
