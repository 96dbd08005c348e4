"""What can go wrong with contacts.

Conflict
├── ContactTaken           409  account.contact_taken             proved, and yet another account has proved it first
├── ContactVerifiedBefore  409  account.contact_verified_before   there is nothing to do
├── ContactMissing         409  account.contact_missing           no address is known, and none was given
├── CodeExpired            409  account.code_expired              no code waits: too old, used, or guessed too often
└── PhoneHasNotCalled      409  account.phone_has_not_called      not yet, at least
InvalidInput
├── CodeWrong              422  account.code_wrong                carries how many tries are left
├── MethodNotOffered       422  account.method_not_offered        the operator does not offer it
└── PhoneCountryNotServed  422  account.phone_country_not_served  the operator sends nothing to that country
RateLimited
└── TooManyCodes           429  account.too_many_codes
"""

from samovar.kit.errors import Conflict, FieldError, InvalidInput, RateLimited


class ContactTaken(Conflict):
    """The person has proved that it is theirs, but so has another account before. Told only after the proof."""

    code = "account.contact_taken"


class ContactVerifiedBefore(Conflict):
    """This account has proved this very contact."""

    code = "account.contact_verified_before"


class ContactMissing(Conflict):
    """No such contact is known of this account, and none was given."""

    code = "account.contact_missing"


class CodeExpired(Conflict):
    """No code waits."""

    code = "account.code_expired"


class PhoneHasNotCalled(Conflict):
    """The phone that was to call has not yet."""

    code = "account.phone_has_not_called"


class CodeWrong(InvalidInput):
    """Another code was sent."""

    code = "account.code_wrong"

    def __init__(self, tries_left: int) -> None:
        super().__init__(
            fields=[FieldError("code", "code_wrong", "another code was sent")], tries_left=tries_left
        )


class MethodNotOffered(InvalidInput):
    """The operator does not offer this method."""

    code = "account.method_not_offered"

    def __init__(self) -> None:
        super().__init__(fields=[FieldError("method", "not_offered", "this method is not offered")])


class PhoneCountryNotServed(InvalidInput):
    """The operator sends nothing to phones of that country: it is dear, and bought by fraudsters (SMS pumping)."""

    code = "account.phone_country_not_served"

    def __init__(self) -> None:
        super().__init__(
            fields=[FieldError("phone", "country_not_served", "nothing is sent to this country")]
        )


class TooManyCodes(RateLimited):
    """Too many codes were asked for: by the account, from the network, or for the address."""

    code = "account.too_many_codes"
