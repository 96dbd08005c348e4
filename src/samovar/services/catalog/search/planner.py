"""From what somebody typed to a plan that any text index can follow.

A plan is a list of readings (as written; as an alias means it; in the other keyboard layout), of which the best counts. A reading is a
list of words, of which at least `must` have to fit; a word fits by the best of its clauses: exactly, joined with its neighbour, as a
beginning, with a typo, by its skeleton, or in a description.
"""

from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from samovar.services.catalog.search import normaliser
from samovar.services.catalog.search.words.aliases import Aliases

Field = Literal["words", "starts", "joined", "whole", "skeletons", "names", "russian", "english"]
Match = Literal["exact", "prefix", "fuzzy"]
Known = Callable[[Sequence[str]], Awaitable[frozenset[str]]]

EXACT, JOINED, PREFIX, FUZZY, FUZZY_TWICE, NAME, SKELETON, SKELETON_FUZZY, TEXT = (
    8.0,
    6.0,
    3.0,
    2.2,
    1.8,
    1.6,
    1.5,
    0.8,
    0.3,
)
WHOLE, WHOLE_FUZZY = 12.0, 5.0
BY_EAR, BY_EAR_FUZZY = 4.0, 1.9
ALIAS_WEIGHT, LAYOUT_WEIGHT = 1.0, 0.9
ONE_TYPO_FROM, TWO_TYPOS_FROM = 4, 8
SKELETON_SHORT = 0.6
SKELETON_FROM, SKELETON_FUZZY_FROM = 3, 4
READINGS_MAX = 4
QUERY_WORDS_MAX = 10
STEMMED_FIELDS = frozenset({"russian", "english"})
# Alone they say nothing of what is looked for.
LITTLE_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "and",
        "or",
        "to",
        "in",
        "on",
        "for",
        "at",
        "и",
        "в",
        "во",
        "на",
        "с",
        "со",
        "о",
        "об",
        "у",
        "за",
        "к",
        "от",
        "по",
        "из",
        "не",
        "а",
        "но",
    ]
)
QUERY_LENGTH_MAX = 200


class Clause(NamedTuple):
    """One way in which a word fits. `text` of a stemmed field is a plain word. `typos` belongs to `fuzzy`."""

    field: Field
    match: Match
    text: str
    weight: float
    typos: int = 0


class Reading(NamedTuple):
    """One way of taking a query.

    Attributes:
        words: For each word its clauses; a word's score is that of its best clause.
        must: How many words have to fit.
        whole: Clauses for all words together; one of them alone is enough, and adds to the score.
        weight: What its score is multiplied with.
        text: What it reads, normalised.
    """

    words: tuple[tuple[Clause, ...], ...]
    must: int
    whole: tuple[Clause, ...]
    weight: float
    text: str


class Plan(NamedTuple):
    """What to look for. Nothing fits a plan without readings.

    Attributes:
        corrected_to: The words in the layout that was meant, when only they are known.
        is_guess: Neither layout says anything known, as happens while somebody types: both are looked for.
    """

    readings: tuple[Reading, ...]
    corrected_to: str | None = None
    is_guess: bool = False

    def relaxed(self) -> "Plan":
        """Return the plan that asks for one word less. What is left must be a word that tells something, and not one of a description."""
        return self._replace(readings=tuple(map(_relaxed, self.readings)))


class Planner:
    """Makes plans.

    Args:
        aliases: What popular names stand for.
    """

    def __init__(self, aliases: Aliases) -> None:
        self._aliases = aliases

    async def plan(self, text: str, known: Known, *, typed: bool = False, lost: bool = False) -> Plan:
        """Return the plan for what somebody typed.

        Args:
            text: Anything.
            known: Tells which words stand in titles.
            typed: The last word may be unfinished: suggestions while typing.
            lost: As it is written nothing was found: the other layout is tried even when it spells no word of a title.
        """
        text = text[:QUERY_LENGTH_MAX]
        asked = normaliser.words(text)[:QUERY_WORDS_MAX]
        swapped_text = normaliser.other_layout(text)
        swapped = normaliser.words(swapped_text)[:QUERY_WORDS_MAX]
        spellings = {*asked, *swapped, normaliser.joined(asked), normaliser.joined(swapped)} - {""}
        found = await known(sorted(spellings))
        phrases: list[tuple[list[str], float]] = [(asked, 1.0)] if asked else []
        phrases += [(meant, ALIAS_WEIGHT) for meant in self._meanings(asked)]
        corrected: str | None = None
        is_guess = False
        # One letter is too little to tell a layout by: «м» would also be `v`, and that a five.
        is_first = typed and len(normaliser.joined(asked)) == 1
        is_other = swapped and swapped != asked and not is_first
        if is_other and self._is_meant(swapped, asked, found, guessing=typed or lost):
            phrases += [(meant, LAYOUT_WEIGHT) for meant in self._meanings(swapped)]
            phrases.append((swapped, LAYOUT_WEIGHT))
            corrected = " ".join(swapped)
            is_guess = self._known_share(swapped, found) <= self._known_share(asked, found)
        readings = (
            _reading(words, weight=weight, typed=typed) for words, weight in phrases[:READINGS_MAX] if words
        )
        return Plan(tuple(readings), corrected, is_guess)

    def _meanings(self, words: Sequence[str]) -> list[list[str]]:
        return self._aliases.meanings(words) or self._aliases.meanings(
            [part for word in words for part in normaliser.apart(word)]
        )

    def _is_meant(
        self, swapped: Sequence[str], asked: Sequence[str], found: frozenset[str], *, guessing: bool
    ) -> bool:
        """Return whether the other layout says more than what was written."""
        written, other = self._known_share(asked, found), self._known_share(swapped, found)
        return other > written or (guessing and not written)

    def _known_share(self, words: Sequence[str], found: frozenset[str]) -> int:
        """Return how many of the words mean something; numbers and single letters mean nothing by themselves."""
        if normaliser.joined(list(words)) in found:
            return len(words) + 1
        known = sum(word in found for word in words if len(word) > 1 and not word.isdigit())
        return min(len(words), known + self._aliases.covered(words))


def _reading(words: Sequence[str], *, weight: float, typed: bool) -> Reading:
    last = len(words) - 1
    neighbours = [left + right for left, right in pairwise(words)]
    clauses = []
    for place, word in enumerate(words):
        joins = {*neighbours[max(0, place - 1) : place + 1]}
        clauses.append(tuple(_clauses(word, joins, is_last=place == last, typed=typed)))
    must = len(words) if len(words) <= 2 else len(words) - 1  # noqa: PLR2004
    whole = _whole(normaliser.joined(list(words)))
    return Reading(tuple(clauses), must, whole, weight, " ".join(words))


def _relaxed(reading: Reading) -> Reading:
    telling = [clauses for clauses in reading.words if clauses[0].text not in LITTLE_WORDS] or reading.words
    words = tuple(
        tuple(clause for clause in clauses if clause.field not in STEMMED_FIELDS) for clauses in telling
    )
    return reading._replace(words=words, must=max(1, min(reading.must, len(words)) - (len(words) > 1)))


def _clauses(word: str, joins: set[str], *, is_last: bool, typed: bool) -> list[Clause]:
    clauses = [
        Clause("words", "exact", word, EXACT),
        Clause("joined", "exact", word, JOINED),
        *(Clause("words", "exact", join, JOINED) for join in sorted(joins)),
        Clause("names", "exact", word, NAME),
    ]
    if is_last and len(word) <= normaliser.STARTS_MAX:
        clauses.append(Clause("starts", "exact", word, PREFIX))
    elif is_last:
        clauses.append(Clause("words", "prefix", word, PREFIX))
    if not typed:
        clauses += [Clause("russian", "exact", word, TEXT), Clause("english", "exact", word, TEXT)]
    clauses += _typos("words", word)
    if normaliser.is_cyrillic(word):
        latin = normaliser.in_latin(word)
        clauses.append(Clause("words", "exact", latin, BY_EAR))
        clauses += [clause._replace(weight=BY_EAR_FUZZY) for clause in _typos("words", latin)]
    for bones in normaliser.skeletons(word):
        if len(bones) >= SKELETON_FROM:
            clauses.append(Clause("skeletons", "exact", bones, SKELETON))
        elif len(bones) > 1 and normaliser.is_cyrillic(word):
            clauses.append(Clause("skeletons", "exact", bones, SKELETON_SHORT))
        if typed and is_last and len(bones) > 1:
            clauses.append(Clause("skeletons", "prefix", bones, SKELETON_SHORT))
        if len(bones) >= SKELETON_FUZZY_FROM:
            clauses.append(Clause("skeletons", "fuzzy", bones, SKELETON_FUZZY, 1))
    return clauses


def _typos(field: Field, word: str) -> list[Clause]:
    if word.isdigit() or len(word) < ONE_TYPO_FROM:
        return []
    if len(word) < TWO_TYPOS_FROM:
        return [Clause(field, "fuzzy", word, FUZZY, 1)]
    return [Clause(field, "fuzzy", word, FUZZY, 1), Clause(field, "fuzzy", word, FUZZY_TWICE, 2)]


def _whole(word: str) -> tuple[Clause, ...]:
    exact = Clause("whole", "exact", word, WHOLE)
    return (exact, *(clause._replace(weight=WHOLE_FUZZY) for clause in _typos("whole", word)))
