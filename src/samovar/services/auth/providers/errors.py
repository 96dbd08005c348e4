"""What can go wrong on the way over a provider.

BadRequest
└── ProviderAnswerInvalid   400  auth.provider_answer_invalid   the provider's answer, or what it signed, is not to be believed
Forbidden
├── AttemptInvalid          403  auth.attempt_invalid           state unknown, used, too old, or begun in another browser
├── ProviderMixedUp         403  auth.provider_mixed_up         the answer of one provider at the door of another
├── ProviderDenied          403  auth.provider_denied           the person or the provider said no
├── SignedDataStale         403  auth.signed_data_stale         signed more than five minutes ago, or used before
├── NotFirstFactor          403  auth.provider_not_first_factor only for linking in this country
└── CodeInvalid             403  auth.provider_code_invalid     a one-time code that is unknown, used, too old or bound elsewhere
NotFound
├── ProviderUnknown         404  auth.provider_unknown          not configured, or not offered in this country
└── LinkUnknown             404  auth.link_unknown              this provider is not linked to the account
Conflict
├── LinkRequired            409  auth.link_required             the login belongs to an account: sign in there and link
├── LinkTaken               409  auth.link_taken                the person at the provider belongs to another account
└── AlreadyLinked           409  auth.already_linked            the account has a link to this provider
Unavailable
└── ProviderAway            503  auth.provider_away             the provider does not answer, or not in time
"""

from samovar.kit.errors import BadRequest, Conflict, Forbidden, NotFound, Unavailable


class ProviderAnswerInvalid(BadRequest):
    """The provider's answer, or what it signed, is not to be believed."""

    code = "auth.provider_answer_invalid"


class AttemptInvalid(Forbidden):
    """The state is unknown, was used, is too old, or belongs to another browser."""

    code = "auth.attempt_invalid"


class ProviderMixedUp(Forbidden):
    """The answer of one provider came to the door of another (RFC 9700, section 4.4)."""

    code = "auth.provider_mixed_up"


class ProviderDenied(Forbidden):
    """The person, or the provider, said no."""

    code = "auth.provider_denied"


class SignedDataStale(Forbidden):
    """The data was signed too long ago, or has been used."""

    code = "auth.signed_data_stale"


class NotFirstFactor(Forbidden):
    """In this country nobody signs in or registers this way."""

    code = "auth.provider_not_first_factor"


class CodeInvalid(Forbidden):
    """A one-time code is unknown, used, too old, or bound to another client."""

    code = "auth.provider_code_invalid"


class ProviderUnknown(NotFound):
    """There is no such provider here, or not in this country."""

    code = "auth.provider_unknown"


class LinkUnknown(NotFound):
    """The account has no link to this provider."""

    code = "auth.link_unknown"


class LinkRequired(Conflict):
    """The login that the provider has verified belongs to an account; equal addresses never link by themselves."""

    code = "auth.link_required"


class LinkTaken(Conflict):
    """The person at the provider belongs to another account."""

    code = "auth.link_taken"


class AlreadyLinked(Conflict):
    """The account has a link to this provider."""

    code = "auth.already_linked"


class ProviderAway(Unavailable):
    """The provider does not answer, or not in time."""

    code = "auth.provider_away"
