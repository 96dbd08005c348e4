"""What can go wrong while organisations keep their creators.

Conflict
├── CreatorSlugTaken  409  catalog.creator_slug_taken  another creator has this slug
└── TooManyCreators   409  catalog.too_many_creators   the organisation has as many as it may
"""

from samovar.kit.errors import Conflict


class CreatorSlugTaken(Conflict):
    """Another creator has this slug; the parameter `slug` names it."""

    code = "catalog.creator_slug_taken"


class TooManyCreators(Conflict):
    """The organisation has as many creators as it may; the parameter `limit` says how many."""

    code = "catalog.too_many_creators"
