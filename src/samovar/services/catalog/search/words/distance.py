"""How many typos lie between two words."""

from collections.abc import Iterable

TYPOS_MAX = 2


def distance(left: str, right: str, most: int = TYPOS_MAX) -> int:
    """Return how many letters must be put in, taken out, changed or swapped with their neighbour; `most + 1` for more than `most`."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, char in enumerate(left, start=1):
        older, before, row = before, row, [i]
        for j, other in enumerate(right, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != other))
            if i > 1 and j > 1 and char == right[j - 2] and left[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def closest(word: str, others: Iterable[str], most: int = TYPOS_MAX) -> str | None:
    """Return the word that is the fewest typos away, none when all are more than `most` away."""
    near = ((distance(word, other, most), other) for other in others)
    best = min(near, default=(most + 1, ""))
    return best[1] if best[0] <= most else None
