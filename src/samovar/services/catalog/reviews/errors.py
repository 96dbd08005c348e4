"""What can go wrong with reviews.

NotFound
└── ReviewNotFound     404  catalog.review_not_found         no such review, or one that was hidden
Forbidden
├── NoLicence          403  catalog.review_needs_licence     only who has the game writes of it
├── TooLittlePlayed    403  catalog.review_needs_play_time   says how many minutes are needed
└── NotYourGame        403  catalog.answer_needs_developer   only the game's developer answers
Conflict
├── AlreadyReviewed    409  catalog.already_reviewed         one review an account and game: edit it
├── ReviewTooEarly     409  catalog.review_too_early         the game is not out yet
├── ReviewHidden       409  catalog.review_hidden            a moderator took it out of sight
└── OwnReview          409  catalog.own_review               nobody votes on their own
Unavailable
└── LibraryAway        503  catalog.library_away             who owns the game cannot be asked at the moment
"""

from samovar.kit.errors import Conflict, Forbidden, NotFound, Unavailable


class ReviewNotFound(NotFound):
    """There is no such review, or it is shown to nobody."""

    code = "catalog.review_not_found"


class NoLicence(Forbidden):
    """The caller does not have the game."""

    code = "catalog.review_needs_licence"


class TooLittlePlayed(Forbidden):
    """The caller has hardly played; the parameter `minutes` says how long one must."""

    code = "catalog.review_needs_play_time"


class NotYourGame(Forbidden):
    """The caller does not speak for the developer of the game."""

    code = "catalog.answer_needs_developer"


class AlreadyReviewed(Conflict):
    """The caller has written of this game."""

    code = "catalog.already_reviewed"


class ReviewTooEarly(Conflict):
    """The game has not come out."""

    code = "catalog.review_too_early"


class ReviewHidden(Conflict):
    """A moderator took the review out of sight: its author changes nothing about that."""

    code = "catalog.review_hidden"


class OwnReview(Conflict):
    """The review is the caller's own."""

    code = "catalog.own_review"


class LibraryAway(Unavailable):
    """Library, which knows who owns what, does not answer."""

    code = "catalog.library_away"
