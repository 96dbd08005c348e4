"""What can go wrong in families.

NotFound
├── NoFamily              404  account.no_family                the caller belongs to none
├── MemberNotFound        404  account.family_member_not_found  nobody of the caller's family
├── InviteNotFound        404  account.family_invite_not_found
└── FamilyRequestNotFound 404  account.family_request_not_found of play time or a purchase
Forbidden
├── AdultsDecide          403  account.adults_decide            a child cannot do this
├── AdultsOnly            403  account.adults_only              under 18
├── AdultsLeaveThemselves 403  account.adults_leave_themselves  nobody removes an adult
├── ChildrenOnly          403  account.children_only            there is nobody to ask
└── PurchasesNotAllowed   403  account.purchases_not_allowed    by the child's limits
Conflict
├── AgeUnknown            409  account.age_unknown              give the birth date first
├── AgeDoesNotFit         409  account.age_does_not_fit         a grown-up invited as a child
├── InFamily              409  account.in_family                the caller belongs to one
├── FamilyCooldown        409  account.family_cooldown          left one not long ago
├── FamilyFull            409  account.family_full              no place is free
├── NotAFriend            409  account.not_a_friend             only friends are invited
├── InviteClosed          409  account.family_invite_closed     withdrawn, declined or expired
├── LastAdult             409  account.last_adult               children would be left alone
├── OtherAdults           409  account.other_adults             the family is theirs, too
├── NotAChild             409  account.not_a_child              limits are for children
├── NoPlayLimit           409  account.no_play_limit            there is no limit to lengthen
├── FamilyRequestClosed   409  account.family_request_closed    decided, withdrawn or expired
└── TooManyFamilyRequests 409  account.too_many_family_requests that nobody has answered
Unavailable
└── StoreAway             503  account.store_away               nobody can say what is sold
"""

from samovar.kit.errors import Conflict, Forbidden, NotFound, Unavailable


class NoFamily(NotFound):
    """The caller belongs to no family."""

    code = "account.no_family"


class MemberNotFound(NotFound):
    """Nobody of the caller's family."""

    code = "account.family_member_not_found"


class InviteNotFound(NotFound):
    """There is no such invite, or it is not the caller's to see."""

    code = "account.family_invite_not_found"


class FamilyRequestNotFound(NotFound):
    """There is no such request in the caller's family."""

    code = "account.family_request_not_found"


class AdultsDecide(Forbidden):
    """A child cannot do this."""

    code = "account.adults_decide"


class AdultsOnly(Forbidden):
    """The caller is under 18."""

    code = "account.adults_only"


class AdultsLeaveThemselves(Forbidden):
    """Nobody removes an adult."""

    code = "account.adults_leave_themselves"


class ChildrenOnly(Forbidden):
    """The caller is no child: they need not ask."""

    code = "account.children_only"


class PurchasesNotAllowed(Forbidden):
    """The adults do not want this child to buy anything."""

    code = "account.purchases_not_allowed"


class AgeUnknown(Conflict):
    """The caller has not said when they were born."""

    code = "account.age_unknown"


class AgeDoesNotFit(Conflict):
    """Somebody of age was invited as a child."""

    code = "account.age_does_not_fit"


class InFamily(Conflict):
    """The caller belongs to a family."""

    code = "account.in_family"


class AlreadyMember(Conflict):
    """The friend belongs to the caller's family."""

    code = "account.already_family_member"


class FamilyCooldown(Conflict):
    """The caller left another family not long ago."""

    code = "account.family_cooldown"


class FamilyFull(Conflict):
    """No place of the family is free."""

    code = "account.family_full"


class NotAFriend(Conflict):
    """Only friends are invited."""

    code = "account.not_a_friend"


class InviteClosed(Conflict):
    """The invite was withdrawn, declined or has expired."""

    code = "account.family_invite_closed"


class LastAdult(Conflict):
    """Children would be left without an adult."""

    code = "account.last_adult"


class OtherAdults(Conflict):
    """Other adults belong to the family."""

    code = "account.other_adults"


class NotAChild(Conflict):
    """Limits are for children."""

    code = "account.not_a_child"


class NoPlayLimit(Conflict):
    """There is no limit to lengthen."""

    code = "account.no_play_limit"


class FamilyRequestClosed(Conflict):
    """The request was decided, withdrawn or has expired."""

    code = "account.family_request_closed"


class TooManyFamilyRequests(Conflict):
    """Too many requests wait for an answer."""

    code = "account.too_many_family_requests"


class StoreAway(Unavailable):
    """Catalog, which knows what is sold, does not answer."""

    code = "account.store_away"
