"""What can go wrong on the way to the platform.

SdkError
├── Offline       nobody answers, or cannot at this moment: what was asked is kept and sent later
├── SignInNeeded  the token is not good any more: the player signs in again
├── Refused       the platform says no, with a stable code
└── StateBusy     another launcher runs this game for this account
"""

from collections.abc import Mapping
from typing import Any


class SdkError(Exception):
    """The root."""


class Offline(SdkError):
    """No network, no answer in time, or the platform is away.

    Attributes:
        status: HTTP; 0 where nobody answered.
        problem: What the platform said of it (RFC 9457), empty where it said nothing.
        retry_after_s: When it wants to be asked again, seconds.
    """

    def __init__(
        self,
        message: str = "",
        *,
        status: int = 0,
        problem: dict[str, Any] | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        self.status = status
        self.problem = problem or {}
        self.retry_after_s = retry_after_s
        super().__init__(message)


class SignInNeeded(SdkError):
    """The platform does not know the token, or wants a fresher proof of who it is.

    Attributes:
        code: Stable, `auth.step_up_needed`; empty where there was no token to begin with.
        problem: The whole answer (RFC 9457).
    """

    def __init__(self, code: str = "", problem: dict[str, Any] | None = None) -> None:
        self.code = code
        self.problem = problem or {}
        super().__init__(code)


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
        super().__init__(f"{status} {self.code}: {sentence_of(problem)}")


def sentence_of(problem: Mapping[str, Any]) -> str:
    """Return what a problem (RFC 9457) says to people: its title, and what helps."""
    return ". ".join(str(problem[part]) for part in ("title", "detail") if problem.get(part))
