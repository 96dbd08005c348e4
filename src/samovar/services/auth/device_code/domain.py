"""The rules of signing in by another device: codes, numbers, who may look at a request, what a poll gets.

A request goes one way, and every state but the first two is an end for somebody:

    waiting ─ look ─▶ claimed ─ the right number ─▶ approved ─ poll ─▶ used
        └───────────────┴─ a second account, a wrong number, «отклонить» ─▶ dead
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal, Protocol
from uuid import UUID

PAGE = "/device"
# RFC 8628, section 6.1: no vowels, so no words; nothing that is taken for a digit. 20^8 are 34.5 bits.
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
CODE_LETTERS = 8
CODE_TYPED_MAX = 32
# What a Russian keyboard has in the place of letters that look the same.
_LOOK_ALIKE = str.maketrans("ВСНКМРТХ", "BCHKMPTX")

NUMBER_MIN, NUMBER_MAX = 10, 99
NUMBERS_SHOWN = 3

INTERVAL_S = 5
INTERVAL_STEP_S = 5
INTERVAL_MAX_S = 60
# A clock and a network are not exact.
INTERVAL_LEEWAY = timedelta(seconds=1)
# Whoever is approved in the last second still has time to come for it.
COLLECTED_WITHIN = timedelta(seconds=30)
# Two polls at once, or one sent again, come within seconds; later it is somebody else who has the code.
REPLAY_GRACE = timedelta(seconds=10)
# What has run out can still be told from what never was.
KEPT_FOR = timedelta(hours=1)
APPROVED_WITHIN_S = 900
"""How long ago the one who approves may have proved who they are."""

BY_ANOTHER_DEVICE = "mca"
"""RFC 8176: over more than one channel. The session says so beside how its approver had come in."""

State = Literal["waiting", "claimed", "approved", "used", "dead"]
RandomBelow = Callable[[int], int]


class RequestState(Protocol):
    """What the rules look at in a request."""

    @property
    def state(self) -> State:
        """Where it is."""
        ...

    @property
    def expires_at(self) -> datetime:
        """When it runs out."""
        ...

    @property
    def account_id(self) -> UUID | None:
        """Who looked at it first."""
        ...

    @property
    def session_id(self) -> UUID | None:
        """In which session."""
        ...


class Look(Enum):
    """What opening a request does."""

    CLAIM = "it is the first one who looks"
    SHOW = "the one who looked first does so again"
    TAKEN = "the same account has opened it on another device"
    KILL = "another account has opened it: somebody passes the code on"
    OVER = "there is nothing to look at any more"


class Poll(Enum):
    """What the new device gets."""

    GIVE = "tokens"
    PENDING = "nobody has decided yet"
    SLOW_DOWN = "it asks too often"
    DENIED = "no"
    EXPIRED = "it has run out"
    REPLAY = "the code was used a moment ago"
    THEFT = "the code was used long ago: end what it gave"


def new_user_code(random_below: RandomBelow) -> str:
    """Return a code that people type: `BCDF-GHJK`."""
    letters = "".join(ALPHABET[random_below(len(ALPHABET))] for _ in range(CODE_LETTERS))
    return shown_code(letters)


def shown_code(letters: str) -> str:
    """Return the letters of a code as people read them best."""
    half = CODE_LETTERS // 2
    return f"{letters[:half]}-{letters[half:]}"


def user_code_of(typed: str) -> str | None:
    """Return the code that somebody typed, in whatever case, with any dashes and spaces, also with Russian letters; none for nonsense."""
    if len(typed) > CODE_TYPED_MAX:
        return None
    letters = "".join(sign for sign in typed.upper() if sign.isalnum()).translate(_LOOK_ALIKE)
    is_code = len(letters) == CODE_LETTERS and all(letter in ALPHABET for letter in letters)
    return shown_code(letters) if is_code else None


def new_numbers(random_below: RandomBelow) -> tuple[int, ...]:
    """Return the numbers to choose from, all different; they stay the same however often they are looked at."""
    left = list(range(NUMBER_MIN, NUMBER_MAX + 1))
    return tuple(left.pop(random_below(len(left))) for _ in range(NUMBERS_SHOWN))


def decide_look(request: RequestState, account_id: UUID, session_id: UUID, now: datetime) -> Look:
    """Return what it does that somebody opens a request: only the first session that does may go on with it (RFC 10027)."""
    if request.expires_at <= now or request.state in {"used", "dead"}:
        return Look.OVER
    if request.state == "waiting":
        return Look.CLAIM
    if request.account_id != account_id:
        return Look.KILL
    return Look.SHOW if request.session_id == session_id else Look.TAKEN


def decide_poll(
    request: RequestState,
    *,
    interval_s: int,
    polled_at: datetime | None,
    used_at: datetime | None,
    now: datetime,
) -> Poll:
    """Return what a poll gets (RFC 8628, section 3.5)."""
    if request.state == "used":
        is_echo = used_at is not None and now - used_at <= REPLAY_GRACE
        return Poll.REPLAY if is_echo else Poll.THEFT
    if request.state == "dead":
        return Poll.DENIED
    if request.expires_at <= now:
        return Poll.EXPIRED
    if polled_at and now - polled_at < timedelta(seconds=interval_s) - INTERVAL_LEEWAY:
        return Poll.SLOW_DOWN
    return Poll.GIVE if request.state == "approved" else Poll.PENDING


def slower(interval_s: int) -> int:
    """Return the interval of somebody who asks too often."""
    return min(interval_s + INTERVAL_STEP_S, INTERVAL_MAX_S)
