"""What the same keys give in the other keyboard layout, Russian or Latin: people type titles without looking."""

_LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_CYRILLIC_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_TO_CYRILLIC = str.maketrans(_LATIN_KEYS + '~{}:"<>', _CYRILLIC_KEYS + "ёхъжэбю")
_TO_LATIN = str.maketrans(_CYRILLIC_KEYS, _LATIN_KEYS)
_CYRILLIC = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёіјѕ")


def other_layout(text: str) -> str:
    """Return it in small letters: `ghbdtn` → `привет`, `цшеср` → `witch`."""
    lowered = text.lower()
    return lowered.translate(_TO_CYRILLIC if _CYRILLIC.isdisjoint(lowered) else _TO_LATIN)
