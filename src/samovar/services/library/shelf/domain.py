"""What a shelf is asked. Pure."""

from typing import Literal

from samovar.kit.text.titles import words_of

Access = Literal["owned", "trial", "family", "expired", "revoked"]
Sort = Literal["title", "played", "play_time", "added"]
AppKind = Literal["game", "demo", "dlc", "soundtrack", "tool"]
OPEN: tuple[Access, ...] = ("owned", "trial", "family")
QUERY_LENGTH_MAX = 100
WORDS_MAX = 10
CONTENTS_SHOWN_MAX = 100


def patterns_of(query: str) -> list[str]:
    """Return what must all stand in the words of a title, as patterns of SQL's LIKE; what has no letter or digit asks nothing.

    A word need not be whole: «вед» finds «Ведьмак», and «дьм» does, too.
    """
    words = words_of(query).split()[:WORDS_MAX]
    return [f"%{word.replace('_', chr(92) + '_')}%" for word in words]
