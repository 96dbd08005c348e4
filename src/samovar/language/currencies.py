"""How currencies are divided and written."""

MINOR_DIGITS_DEFAULT = 2
# ISO 4217, list one: the currencies whose minor unit is not a hundredth.
_MINOR_DIGITS = dict.fromkeys(
    (
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ),
    0,
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
_SYMBOLS = {"RUB": "₽", "KZT": "₸", "EUR": "€", "USD": "$"}


def minor_digits(currency: str) -> int:
    """Return how many digits the minor unit takes: 2 for roubles, 0 for yen (ISO 4217)."""
    return _MINOR_DIGITS.get(currency, MINOR_DIGITS_DEFAULT)


def symbol_of(currency: str) -> str | None:
    """Return the sign of a currency, where our fonts have it."""
    return _SYMBOLS.get(currency)
