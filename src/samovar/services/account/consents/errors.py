"""What can go wrong with consents.

NotFound
├── PurposeUnknown      404  account.purpose_unknown       nobody asks for such a consent
└── TextVersionUnknown  404  account.text_version_unknown  there is no such wording
Conflict
└── ConsentRequired     409  account.consent_required      it ends with the account alone
"""

from samovar.kit.errors import Conflict, NotFound


class PurposeUnknown(NotFound):
    """Nobody asks for such a consent."""

    code = "account.purpose_unknown"


class TextVersionUnknown(NotFound):
    """There is no such wording."""

    code = "account.text_version_unknown"


class ConsentRequired(Conflict):
    """Without this consent there is no account: it is withdrawn by having the account erased."""

    code = "account.consent_required"
