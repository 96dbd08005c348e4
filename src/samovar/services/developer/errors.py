"""What can go wrong in developer.

NotFound
├── OrganisationNotFound   404  developer.organisation_not_found   there is none, or it is not the caller's to know
└── MemberNotFound         404  developer.member_not_found         nobody has this account
Forbidden
└── RoleToOneself          403  developer.role_to_oneself          a second person has to agree
Conflict
├── TooManyOrganisations   409  developer.too_many_organisations   the caller has founded as many as anybody may
├── TooManyRoles           409  developer.too_many_roles           the person has as many roles as one may have
└── LastOwner              409  developer.last_owner               an organisation has an owner
Unavailable
├── AuthAway               503  developer.auth_away                nobody can say who is a member
├── AccountAway            503  developer.account_away             nobody can say who somebody is
├── CatalogAway            503  developer.catalog_away             nobody can say what the page is
└── LibraryAway            503  developer.library_away             nobody can say how it is played
"""

from samovar.kit.errors import Conflict, Forbidden, NotFound, Unavailable


class OrganisationNotFound(NotFound):
    """There is no such organisation, or it is not the caller's to know."""

    code = "developer.organisation_not_found"


class MemberNotFound(NotFound):
    """Nobody has this account."""

    code = "developer.member_not_found"


class RoleToOneself(Forbidden):
    """Nobody raises themselves: another owner has to do it."""

    code = "developer.role_to_oneself"


class TooManyRoles(Conflict):
    """The person has as many roles as one may have."""

    code = "developer.too_many_roles"


class LastOwner(Conflict):
    """The last owner stays: somebody has to answer for the organisation."""

    code = "developer.last_owner"


class TooManyOrganisations(Conflict):
    """The caller has founded as many organisations as anybody may."""

    code = "developer.too_many_organisations"


class AuthAway(Unavailable):
    """Nobody can say who is a member; nothing was changed."""

    code = "developer.auth_away"


class AccountAway(Unavailable):
    """Nobody can say who somebody is; nothing was changed."""

    code = "developer.account_away"


class CatalogAway(Unavailable):
    """Nobody can say what the page of the app is; nothing was changed."""

    code = "developer.catalog_away"


class LibraryAway(Unavailable):
    """Nobody can say how the app is played."""

    code = "developer.library_away"
