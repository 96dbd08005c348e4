"""What can go wrong with gifts.

NotFound
└── GiftNotFound        404  payment.gift_not_found        no such gift for or from the caller
Forbidden
└── GiftAgeRestricted   403  payment.gift_age_restricted   its age mark is above the age level of whoever it is for
Conflict
├── GiftOver            409  payment.gift_over             it was accepted, declined, taken back, or waited too long
├── GiftOwned           409  payment.gift_owned            the recipient has all of it already: it waits, or is declined
└── GiftNotActivatable  409  payment.gift_not_activatable  it cannot be activated where the recipient lives
"""

from samovar.kit.errors import Conflict, Forbidden, NotFound


class GiftNotFound(NotFound):
    """There is no such gift, or it is neither for nor from the caller."""

    code = "payment.gift_not_found"


class GiftAgeRestricted(Forbidden):
    """The age mark of the gift is above the age level of the recipient; the parameter `mark` says it."""

    code = "payment.gift_age_restricted"


class GiftOver(Conflict):
    """The gift waits no longer: it was accepted, declined, taken back, or its time is over."""

    code = "payment.gift_over"


class GiftOwned(Conflict):
    """The recipient has everything in it."""

    code = "payment.gift_owned"


class GiftNotActivatable(Conflict):
    """It cannot be activated in the country of the recipient."""

    code = "payment.gift_not_activatable"
