"""Phrases: what may stand in them, and how they are read."""

import pytest

from samovar.services.library.presence import domain

LEVEL = {"ru": "Уровень {level}: {name}", "en": "Level {level}"}


@pytest.mark.parametrize(
    "phrase", ["Уровень {level}", "{a}{b}{a}", "Просто строка", "«{place_2}» — до чая {minutes} минут"]
)
def test_what_a_phrase_may_be(phrase: str) -> None:
    assert domain.faults_of_phrase(phrase, "f") == []


@pytest.mark.parametrize(
    ("phrase", "code"),
    [
        ("   ", "unprintable"),
        ("строка\nещё", "unprintable"),
        ("\u202eналево", "unprintable"),
        ("{Level}", "phrase_braces"),
        ("{уровень}", "phrase_braces"),
        ("{level", "phrase_braces"),
        ("level}", "phrase_braces"),
        ("{}", "phrase_braces"),
        ("{{level}}", "phrase_braces"),
        ("{level!r}", "phrase_braces"),
        ("{a}{b}{c}{d}{e}{f}{g}{h}{i}", "phrase_names_too_many"),
    ],
)
def test_what_a_phrase_may_not_be(phrase: str, code: str) -> None:
    assert [(fault.field, fault.code) for fault in domain.faults_of_phrase(phrase, "f")] == [("f", code)]


def test_a_phrase_is_read_in_its_readers_language_and_filled_in_once() -> None:
    filled = {"level": "3", "name": "{level}"}
    assert domain.told(LEVEL, filled, "ru") == "Уровень 3: {level}"
    assert domain.told(LEVEL, filled, "en") == "Level 3"
    assert domain.told({"ru": "Чай"}, {}, "en") == "Чай"
    assert domain.told(LEVEL, {"level": "3"}, "ru") == "Уровень 3: …"
    assert domain.told({}, filled, "ru") is None


def test_what_is_shown_is_never_longer_than_a_list_is_wide() -> None:
    wide = "{a}" * 33
    shown = domain.told({"ru": wide}, {"a": "м" * domain.PARAMETER_LENGTH_MAX}, "ru")
    assert shown == "м" * (domain.SHOWN_LENGTH_MAX - 1) + "…"


def test_every_name_that_one_of_the_languages_wants_is_given() -> None:
    assert domain.faults_of_parameters(LEVEL, {"level": "3", "name": "Двор", "more": "1"}) == []
    missing = domain.faults_of_parameters(LEVEL, {"level": "\u200b"})
    assert [(fault.field, fault.code) for fault in missing] == [
        ("parameters.name", "phrase_name_missing"),
        ("parameters.level", "unprintable"),
    ]
