"""Money as acts write it: in digits, and in Russian words with the right endings. Pure."""

from samovar.services.payment.payouts.payees.domain import LegalForm

KOPECKS = 100
ROUBLES_MAX = 10**15 - 1
_UNITS = (
    "",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
)
_TENS = (
    "",
    "",
    "двадцать",
    "тридцать",
    "сорок",
    "пятьдесят",
    "шестьдесят",
    "семьдесят",
    "восемьдесят",
    "девяносто",
)
_HUNDREDS = (
    "",
    "сто",
    "двести",
    "триста",
    "четыреста",
    "пятьсот",
    "шестьсот",
    "семьсот",
    "восемьсот",
    "девятьсот",
)
_FEMININE = {"один": "одна", "два": "две"}
_SCALES = (
    ("", "", ""),
    ("тысяча", "тысячи", "тысяч"),
    ("миллион", "миллиона", "миллионов"),
    ("миллиард", "миллиарда", "миллиардов"),
    ("триллион", "триллиона", "триллионов"),
)
_THOUSAND, _HUNDRED, _TEN, _TEENS_END, _FEW_MAX = 1000, 100, 10, 20, 4
_FORMS: dict[LegalForm, str] = {
    "company": "ООО",
    "entrepreneur": "ИП",
    "self_employed": "самозанятый",
}


def form_name(form: LegalForm) -> str:
    """Return how a legal form is called in Russian."""
    return _FORMS[form]


def words_of(amount: int) -> str:
    """Return kopecks in words, as acts and payment orders write them: «Сто двадцать два рубля 05 копеек».

    Raises:
        ValueError: It is less than nothing, or more than anybody has.
    """
    roubles, kopecks = divmod(amount, KOPECKS)
    if not 0 <= roubles <= ROUBLES_MAX:
        raise ValueError(f"{amount} cannot be written in words")
    said = f"{number_in_words(roubles)} {plural(roubles, 'рубль', 'рубля', 'рублей')}"
    return f"{said[0].upper()}{said[1:]} {kopecks:02d} {plural(kopecks, 'копейка', 'копейки', 'копеек')}"


def number_in_words(number: int) -> str:
    """Return a number in words, masculine: «двадцать один»."""
    if number == 0:
        return "ноль"
    words: list[str] = []
    for place in reversed(range(len(_SCALES))):
        part = number // _THOUSAND**place % _THOUSAND
        if part:
            words += _below_thousand(part, is_feminine=place == 1)
            words.append(plural(part, *_SCALES[place]))
    return " ".join(word for word in words if word)


def plural(count: int, one: str, few: str, many: str) -> str:
    """Return the form of a noun after a number."""
    tail = count % _HUNDRED
    if _TEN < tail < _TEENS_END or not 0 < count % _TEN <= _FEW_MAX:
        return many
    return one if count % _TEN == 1 else few


def _below_thousand(part: int, *, is_feminine: bool) -> list[str]:
    rest = part % _HUNDRED
    tens, units = (0, rest) if rest < _TEENS_END else divmod(rest, _TEN)
    unit = _UNITS[units]
    return [_HUNDREDS[part // _HUNDRED], _TENS[tens], _FEMININE.get(unit, unit) if is_feminine else unit]
