"""A title as an address: Russian letters by GOST 7.79 in its common short form."""

_LETTERS = dict(
    zip(
        "абвгдеёзийклмнопрстуфцыэ",
        ("a", "b", "v", "g", "d", "e", "e", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "ts", "y", "e"),
        strict=True,
    )
) | {"ж": "zh", "х": "kh", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "ъ": "", "ь": ""}  # fmt: skip
_LENGTH_MAX = 96


def slug_of(title: str) -> str:
    """Return the address that a title suggests: small Latin letters, digits and single hyphens; may be empty."""
    found = "".join(_LETTERS.get(letter, letter) for letter in title.lower())
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in found)
    return "-".join(part for part in kept.split("-") if part)[:_LENGTH_MAX].rstrip("-")
