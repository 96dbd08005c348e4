"""The form of a recovery code: 125 random bits that a person can write down and read back."""

from collections.abc import Callable

# Crockford's base32: no letter looks like a digit; what people write instead is read as what they meant.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans("OIL", "011", " -\u2010\u2011\u2012\u2013\u2014\u00a0")
_BITS = 5
GROUPS, GROUP_LENGTH = 5, 5
# At least 112 bits, so that a plain keyed hash will do (OWASP ASVS 5.0, 6.5.2).
CODE_BITS = GROUPS * GROUP_LENGTH * _BITS
_RANDOM_BYTES = (CODE_BITS + 7) // 8


def make_code(random_bytes: Callable[[int], bytes]) -> str:
    """Return a new code: `4F7KQ-…`, five groups of five."""
    number = int.from_bytes(random_bytes(_RANDOM_BYTES), "big")
    signs = [
        _ALPHABET[number >> _BITS * place & len(_ALPHABET) - 1] for place in range(GROUPS * GROUP_LENGTH)
    ]
    groups = ["".join(signs[start : start + GROUP_LENGTH]) for start in range(0, len(signs), GROUP_LENGTH)]
    return "-".join(groups)


def normal_code(text: str) -> str | None:
    """Return the one spelling of a code as a person types it, or none when it has another form."""
    signs = text.upper().translate(_MEANT)
    is_code = len(signs) == GROUPS * GROUP_LENGTH and set(signs) <= set(_ALPHABET)
    return signs if is_code else None
