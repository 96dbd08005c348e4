"""What can go wrong in account.

    Unavailable
    └── AccountNotReady   503  account.not_ready    registered a moment ago; the event that tells so is on its way
    NotFound
    ├── AccountNotFound   404  account.not_found    no such person, or one who does not want to be found by the caller
    └── AvatarNotFound    404  account.avatar_not_found  nobody has this picture any more
    Conflict
    ├── NameTaken         409  account.name_taken   somebody has the name, or one that looks like it, or had it lately
    ├── NameChangedLately 409  account.name_changed_lately  a name is kept for a while; says when it can be changed
    ├── BirthDateKnown    409  account.birth_date_known  it is given once; after that support changes it
    └── TooManyExceptions 409  account.too_many_exceptions  privacy is otherwise for as many people as it may be
    RateLimited
    └── AvatarsBusy       429  account.avatars_busy  more pictures wait to be read than this process can read in time

A field that breaks a rule is an `InvalidInput` that names it.
"""

from samovar.kit.errors import Conflict, NotFound, RateLimited, Unavailable


class AccountNotReady(Unavailable):
    """The person has a token, and the event that tells of their registration has not come yet."""

    code = "account.not_ready"


class AccountNotFound(NotFound):
    """There is no such person, or the caller must not learn that there is."""

    code = "account.not_found"


class AvatarNotFound(NotFound):
    """Nobody has this picture any more."""

    code = "account.avatar_not_found"


class NameTaken(Conflict):
    """Somebody has this name, or one that looks like it, or had it a short while ago."""

    code = "account.name_taken"


class NameChangedLately(Conflict):
    """The name was changed a short while ago; `retry_after_s` and the parameter `days` say when it can be again."""

    code = "account.name_changed_lately"


class BirthDateKnown(Conflict):
    """The birth date was given; only support changes it."""

    code = "account.birth_date_known"


class TooManyExceptions(Conflict):
    """Privacy is otherwise for as many people as it may be."""

    code = "account.too_many_exceptions"


class AvatarsBusy(RateLimited):
    """More pictures wait to be read than this process can read in time."""

    code = "account.avatars_busy"
