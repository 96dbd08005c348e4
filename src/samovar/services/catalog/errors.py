"""What can go wrong in catalog.

    NotFound
    ├── AppNotFound     404  catalog.app_not_found     no such app, or none that the caller may see
    └── CreatorNotFound 404  catalog.creator_not_found no such developer or publisher
    Forbidden
    └── AgeRestricted   403  catalog.age_restricted    the age mark is above the caller's confirmed age
    Conflict
    └── SlugTaken       409  catalog.slug_taken        another app has this slug
    PreconditionFailed
    └── PageChanged     412  catalog.page_changed      somebody else has changed the page meanwhile

A field that breaks a rule is an `InvalidInput` that names it.
"""

from samovar.kit.errors import Conflict, Forbidden, NotFound, PreconditionFailed


class AppNotFound(NotFound):
    """There is no such app, or none that is shown in this country."""

    code = "catalog.app_not_found"


class CreatorNotFound(NotFound):
    """There is no such developer or publisher."""

    code = "catalog.creator_not_found"


class AgeRestricted(Forbidden):
    """The age mark is above the age that the caller has confirmed; the parameter `rating` names it."""

    code = "catalog.age_restricted"


class SlugTaken(Conflict):
    """Another app has this slug; the parameter `slug` names it."""

    code = "catalog.slug_taken"


class PageChanged(PreconditionFailed):
    """The page is no longer the version that the writer has seen."""

    code = "catalog.page_changed"
