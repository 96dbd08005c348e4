"""Misbehaviour on request.

`PUT /faults/mail {"fault": "busy", "times": 2}` makes the next two mails fail so; `phone` likewise. `DELETE /faults` ends all.

- `busy`: refused for the moment (SMTP 451, HTTP 503);
- `refuse`: refused for good (SMTP 550, HTTP 422);
- `slow`: taken, answered after `delay_s`;
- `lost_answer`: taken, and the connection cut before the answer.
"""

from dataclasses import dataclass

KINDS = ("busy", "refuse", "slow", "lost_answer")
TIMES_MAX = 1_000_000
DELAY_S_MAX = 600.0


@dataclass(frozen=True)
class Fault:
    """One kind of misbehaviour."""

    kind: str
    delay_s: float = 0.0


class Faults:
    """What is to go wrong next, by side: `mail` or `phone`."""

    def __init__(self) -> None:
        self._wanted: dict[str, tuple[Fault, int]] = {}

    def ask(self, side: str, kind: str, *, times: int = 1, delay_s: float = 0.0) -> None:
        """Make the next `times` messages of a side go wrong.

        Raises:
            ValueError: There is no such kind, or a number is out of bounds.
        """
        if kind not in KINDS or not 1 <= times <= TIMES_MAX or not 0 <= delay_s <= DELAY_S_MAX:
            raise ValueError(
                f"fault is one of {', '.join(KINDS)}; times 1 to {TIMES_MAX}; delay_s to {DELAY_S_MAX}"
            )
        self._wanted[side] = (Fault(kind, delay_s), times)

    def take(self, side: str) -> Fault | None:
        """Return what is to go wrong with the message at hand."""
        fault, left = self._wanted.get(side, (None, 0))
        if fault is not None and left > 1:
            self._wanted[side] = (fault, left - 1)
        else:
            self._wanted.pop(side, None)
        return fault

    def clear(self) -> None:
        """Behave from now on."""
        self._wanted.clear()
