"""What can go wrong with submissions.

NotFound
├── AppNotFound              404  developer.app_not_found              there is no such app, or it is not the caller's
└── SubmissionNotFound       404  developer.submission_not_found       there is none
Conflict
├── SubmissionOpen           409  developer.submission_open            one is open already
├── DraftUnfit               409  developer.draft_unfit                the draft lacks something, or clashes with the page
├── NothingToSubmit          409  developer.nothing_to_submit          there is no draft, and the page is shown already
├── SubmissionChanged        409  developer.submission_changed         it is in another state by now
├── BaseUnreleased           409  developer.base_unreleased            the game that it belongs to comes later, or not at all
├── DraftOutdated            409  developer.draft_outdated             the draft is another one than was submitted
└── OrganisationUnconfirmed  409  developer.organisation_unconfirmed   nobody has confirmed what it is in law
Forbidden
└── OwnSubmission            403  developer.own_submission             nobody decides about what is their own
"""

from samovar.kit.errors import Conflict, Forbidden, NotFound


class AppNotFound(NotFound):
    """There is no such app, or it is not the caller's to publish."""

    code = "developer.app_not_found"


class SubmissionNotFound(NotFound):
    """There is no such submission."""

    code = "developer.submission_not_found"


class SubmissionOpen(Conflict):
    """The app has a submission that is not over."""

    code = "developer.submission_open"


class DraftUnfit(Conflict):
    """The draft lacks something that a page needs, or changes what was changed in the page since."""

    code = "developer.draft_unfit"


class NothingToSubmit(Conflict):
    """There is no draft, and the page is in the store as it is."""

    code = "developer.nothing_to_submit"


class SubmissionChanged(Conflict):
    """Somebody was faster: the submission is in another state by now."""

    code = "developer.submission_changed"


class BaseUnreleased(Conflict):
    """The game that it belongs to is not in the store, and its own release is not planned, or planned for later."""

    code = "developer.base_unreleased"


class DraftOutdated(Conflict):
    """The draft was changed since; what nobody looked at is not released."""

    code = "developer.draft_outdated"


class OrganisationUnconfirmed(Conflict):
    """Nobody has confirmed what the organisation is in law; until then it releases nothing."""

    code = "developer.organisation_unconfirmed"


class OwnSubmission(Forbidden):
    """Nobody decides about a game of an organisation of their own."""

    code = "developer.own_submission"
