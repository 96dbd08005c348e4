"""What can go wrong on the way to the platform.

SdkError
├── Offline       nobody answers, or cannot at this moment: what was asked is kept and sent later
├── SignInNeeded  the token is not good any more: the player signs in again
├── Refused       the platform says no, with a stable code
└── StateBusy     another launcher runs this game for this account
"""

from typing import Any


class SdkError(Exception):
    """The root."""


class Offline(SdkError):
    """No network, no answer in time, or the platform is away."""


class SignInNeeded(SdkError):
    """The platform does not know the token."""


class StateBusy(SdkError):
    """Another launcher holds what is kept of this game on this machine."""


class Refused(SdkError):
    """The platform has understood and says no.

    Attributes:
        status: HTTP.
        code: Stable, `library.game_not_found`.
        problem: The whole answer (RFC 9457).
    """

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", ""))
        self.problem = problem
        super().__init__(f"{status} {self.code}: {problem.get('detail') or problem.get('title') or ''}")
