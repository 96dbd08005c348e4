"""How a channel says that it could not hand a message over. The words go into logs: no address, no text."""


class Refused(Exception):
    """The message will never be taken: no such address, a number that cannot exist."""


class TryAgain(Exception):
    """The message may be taken later.

    Attributes:
        after_s: How long the other side asked us to wait, if it did.
    """

    def __init__(self, reason: str, *, after_s: float | None = None) -> None:
        super().__init__(reason)
        self.after_s = after_s
