"""What people may call themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.services.account.profiles import names

LETTERS = st.text(
    "abcdefghijklmnopqrstuvwxyzABCDEFXYZабвгдеёжзиклмнопрстуфхцчшщъыьэюяАВСЕНКМ0123456789._-", max_size=24
)


@pytest.mark.parametrize("name", ["Anna", "ёжик", "Рысь-7", "a.b_c-d", "x99", "Ёлка2026", "Admiral"])
def test_a_good_name_is_taken(name: str) -> None:
    assert names.name_fault(name) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("7up", "name_form"),
        ("a b", "name_form"),
        ("a..b", "name_form"),
        ("_ab", "name_form"),
        ("ab_", "name_form"),
        ("anna\n", "name_form"),
        ("аnnа", "name_mixed"),
        ("someone@example.com", "name_form"),
        ("+79123456789", "name_form"),
        ("аñа", "name_form"),
        ("ａｄｍｉｎ", "name_form"),
        ("Admin", "name_reserved"),
        ("a.d.m.i.n", "name_reserved"),
        ("Adm1n_77", "name_reserved"),
        ("Samovar-Official", "name_reserved"),
        ("САМОВАР", "name_reserved"),
        ("me", "name_reserved"),
        ("поддержка", "name_reserved"),
    ],
)
def test_a_bad_name_is_refused(name: str, code: str) -> None:
    assert names.name_fault(name) == code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ВЕРА", "BEPA"),
        ("сосо", "coco"),
        ("Anna", "a.n.n.a"),
        ("mila", "m1la"),
        ("Ёж", "еж"),
        ("corn", "com"),
        ("o0o", "ooo"),
    ],
)
def test_names_that_look_alike_are_one(one: str, other: str) -> None:
    assert names.skeleton(one) == names.skeleton(other)


@given(LETTERS)
def test_the_skeleton_does_not_depend_on_case_and_separators(name: str) -> None:
    plain = name.replace(".", "").replace("_", "").replace("-", "")
    assert names.skeleton(name.upper()) == names.skeleton(name.lower()) == names.skeleton(plain)


@given(st.text(max_size=80))
def test_any_text_has_a_skeleton_and_a_folded_form_that_stay_as_they_are(text: str) -> None:
    folded = names.fold(text)
    assert names.fold(folded) == folded
    assert not names.skeleton(text) or not any(sign.isspace() for sign in names.skeleton(text))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Анна Каренина", None),
        ("🐻 Медведь 👨‍👩‍👧", None),
        ("Все мои друзья", None),
        ("\u200b", "unprintable"),
        ("\u3164", "unprintable"),
        ("a\u202eb", "unprintable"),
        ("\u2800\u2800", "unprintable"),
        ("Анна\uffa0", "unprintable"),
        ("b" + "\u0301" * 3, "unprintable"),
        ("пишите anna@example.com", "contact"),
        ("8 (912) 345-67-89", "contact"),
        ("Администратор", "name_reserved"),
        ("Команда Samovar", "name_reserved"),
    ],
)
def test_a_display_name_shows_no_contact_and_does_not_speak_for_the_house(
    text: str, code: str | None
) -> None:
    assert names.display_name_fault(names.tidy(text)) == code


@pytest.mark.parametrize("login", ["anna@example.com", "+7 912 345-67-89", "\u200b", "admin"])
def test_a_login_given_as_display_name_is_not_shown(login: str) -> None:
    assert names.given_at_registration(login, "Игрок 1a2b3") == "Игрок 1a2b3"


def test_a_name_from_registration_is_tidied() -> None:
    assert names.given_at_registration("  Анна \t К. ", "Игрок") == "Анна К."


@pytest.mark.parametrize(
    ("typed", "form"), [("ЁЖИК", "ежик"), ("Йод", "иод"), ("José", "jose"), (" a  b ", "a b")]
)
def test_a_name_is_folded_for_the_search(typed: str, form: str) -> None:
    assert names.fold(typed) == form
