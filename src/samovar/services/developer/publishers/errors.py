"""What can go wrong with publishers.

NotFound
└── PublisherNotFound       404  developer.publisher_not_found        there is none, or it is not the caller's
Forbidden
├── PipelineTokenInvalid    403  developer.pipeline_token_invalid     not of a trusted issuer, not for us, or run out
└── PipelineNotTrusted      403  developer.pipeline_not_trusted       a good token, but nobody of the app trusts that pipeline
Conflict
├── PipelineTokenUsed       409  developer.pipeline_token_used        it was exchanged before
├── TooManyPublishers       409  developer.too_many_publishers        the app has as many as one may have
└── TooManyPipelineKeys     409  developer.too_many_pipeline_keys     as many keys live as may
Unavailable
└── IssuerAway              503  developer.issuer_away                the issuer's keys cannot be fetched
"""

from samovar.kit.errors import Conflict, Forbidden, NotFound, Unavailable


class PublisherNotFound(NotFound):
    """There is no such app or publisher, or it is not the caller's."""

    code = "developer.publisher_not_found"


class PipelineTokenInvalid(Forbidden):
    """The token is of no trusted issuer, was not made for this platform, is forged or has run out."""

    code = "developer.pipeline_token_invalid"


class PipelineNotTrusted(Forbidden):
    """The token is good, but nobody of the app trusts the pipeline that it speaks for, or who did may publish no more."""

    code = "developer.pipeline_not_trusted"


class PipelineTokenUsed(Conflict):
    """A token is exchanged once."""

    code = "developer.pipeline_token_used"


class TooManyPublishers(Conflict):
    """The app has as many publishers as one may have."""

    code = "developer.too_many_publishers"


class TooManyPipelineKeys(Conflict):
    """As many keys live in the name of whoever trusts the pipeline as may."""

    code = "developer.too_many_pipeline_keys"


class IssuerAway(Unavailable):
    """The keys of the issuer cannot be fetched, so nobody can say whether the token is its own."""

    code = "developer.issuer_away"
