"""Words: plural forms, holes that break nothing, headers of any kind, and figures as people write them."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from samovar.kit.errors import Conflict
from samovar.kit.i18n import (
    Catalogue,
    CatalogueError,
    Language,
    error_classes,
    format_date,
    format_moment,
    format_money,
    format_number,
    format_size,
    language_of,
    missing,
    plural_form,
)
from samovar.kit.money import Money

MOSCOW = timezone(timedelta(hours=3))


def catalogue(folder: Path, ru: str, en: str) -> Catalogue:
    folder.mkdir(exist_ok=True)
    (folder / "ru.toml").write_text(ru, "utf-8")
    (folder / "en.toml").write_text(en, "utf-8")
    return Catalogue.load([folder])


@pytest.fixture
def games(tmp_path: Path) -> Catalogue:
    return catalogue(
        tmp_path,
        """
        [games]
        found.one = "{count} игра в {place}"
        found.few = "{count} игры в {place}"
        found.many = "{count} игр в {place}"
        ["game.sold"]
        title = "Продано"
        detail = "«{title}» куплена {day} за {price}"
        only_russian = "Да"
        """,
        """
        [games.found]
        one = "{count} game in {place}"
        other = "{count} games in {place}"
        ["game.sold"]
        title = "Sold"
        detail = "“{title}” was bought on {day} for {price}"
        """,
    )


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("ru", 1, "1 игра в магазине"),
        ("ru", 21, "21 игра в магазине"),
        ("ru", 3, "3 игры в магазине"),
        ("ru", 0, "0 игр в магазине"),
        ("ru", 12, "12 игр в магазине"),
        ("ru", 1_000, "1\u202f000 игр в магазине"),
        ("en", 1, "1 game in магазине"),
        ("en", 21, "21 games in магазине"),
    ],
)
def test_a_number_chooses_the_form(games: Catalogue, language: Language, count: int, expected: str) -> None:
    assert games.text("games.found", language, count=count, place="магазине") == expected


def test_the_forms_follow_cldr() -> None:
    assert [plural_form(n, "ru") for n in (1, 21, 101, 1_001)] == ["one"] * 4
    assert [plural_form(n, "ru") for n in (2, 3, 4, 22, 104)] == ["few"] * 5
    assert [plural_form(n, "ru") for n in (0, 5, 11, 12, 14, 20, 111, 112, 1_000_000)] == ["many"] * 9
    assert [plural_form(n, "en") for n in (0, 1, 2, 21)] == ["other", "one", "other", "other"]


def test_parameters_are_written_as_the_language_writes_them(games: Catalogue) -> None:
    params = {"title": "{price}", "day": date(2026, 11, 23), "price": Money(129_900, "RUB")}
    assert games.text("game.sold.detail", "ru", **params) == (
        "«{price}» куплена 23\u00a0ноября 2026 за 1\u202f299\u00a0₽"
    )
    assert games.text("game.sold.detail", "en", **params) == (
        "“{price}” was bought on 23\u00a0November 2026 for ₽1,299"
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1_234_567, "1\u202f234\u202f567"),
        (4.5, "4,5"),
        (Decimal("-0.25"), "\u22120,25"),
        (datetime(2026, 1, 2, 15, 4, tzinfo=MOSCOW), "2\u00a0января 2026, 15:04 по Москве"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ("2026", "2026"),
    ],
)
def test_each_kind_of_value_has_its_form(tmp_path: Path, value: object, expected: str) -> None:
    assert catalogue(tmp_path, 'a = "{value}"', 'a = "{value}"').text("a", "ru", value=value) == expected


def test_a_parameter_may_have_any_name(tmp_path: Path) -> None:
    words = catalogue(tmp_path, 'a = "{key} {language}"', 'a = "{key} {language}"')
    assert words.text("a", "ru", key="K", language="L") == "K L"


def test_a_hole_breaks_nothing_and_is_logged_once(games: Catalogue) -> None:
    with capture_logs() as logs:
        for _ in range(3):
            assert games.text("game.sold.only_russian", "en") == "Да"
            assert games.text("no.such.key", "en") == "no.such.key"
            assert games.text("games.found", "ru", place="X") == "{count} игр в X"
            assert games.text("game.sold.title", "de") == "Продано"
    assert [(entry["key"], entry["language"]) for entry in logs] == [
        ("game.sold.only_russian", "en"),
        ("no.such.key", "en"),
        ("no.such.key", "ru"),
        ("games.found", "ru"),
    ]


def test_a_key_is_known_in_any_language(games: Catalogue) -> None:
    assert "game.sold.only_russian" in games
    assert "no.such.key" not in games


def test_holes_are_found(games: Catalogue) -> None:
    assert missing(games) == ["en: game.sold.only_russian is missing"]


def test_parameters_that_differ_are_found(tmp_path: Path) -> None:
    words = catalogue(tmp_path, 'a = "{who}"\nb = "x"', 'a = "{what}"\nb = "{x} {y}"')
    assert missing(words) == [
        "a: parameters differ: who in ru, what in en",
        "b: parameters differ: none in ru, x, y in en",
    ]


def test_an_error_without_sentences_is_found(tmp_path: Path) -> None:
    class WishlistFull(Conflict):
        code = "wishlist.full"

    words = catalogue(tmp_path, '["wishlist.full"]\ntitle = "Полон"', '["wishlist.full"]\ntitle = "Full"')
    assert WishlistFull in error_classes(Conflict)
    assert missing(words, [WishlistFull]) == [
        "ru: wishlist.full.detail is missing",
        "en: wishlist.full.detail is missing",
    ]


@pytest.mark.parametrize(
    ("ru", "fault"),
    [
        ("a = 1", "a: a sentence is needed"),
        ('a = ""', "a: a sentence is needed"),
        ('a = ["x"]', "a: a sentence is needed"),
        ('a = "{"', "a: a brace"),
        ('a = "{Name}"', "a: a brace"),
        ('a = "{x.y}"', "a: a brace"),
        ('[a]\none = "x"\nother = "y"', "a: the plural forms of ru are one, few, many"),
        ("a = ", "ru.toml"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, ru: str, fault: str) -> None:
    with pytest.raises(CatalogueError, match=fault):
        catalogue(tmp_path, ru, "")


def test_two_folders_do_not_share_a_key(tmp_path: Path) -> None:
    for name in ("kit", "auth"):
        catalogue(tmp_path / name, 'a = "x"', 'a = "x"')
    with pytest.raises(CatalogueError, match="a is there twice"):
        Catalogue.load([tmp_path / "kit", tmp_path / "auth"])


def test_a_folder_has_both_languages_or_does_not_exist(tmp_path: Path) -> None:
    (tmp_path / "ru.toml").write_text("", "utf-8")
    with pytest.raises(CatalogueError, match=r"en\.toml"):
        Catalogue.load([tmp_path])
    assert Catalogue.load([tmp_path / "none"]).text("a", "ru") == "a"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "ru"),
        ("", "ru"),
        ("ru", "ru"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("en-US,en;q=0.9,ru;q=0.8", "en"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8", "ru"),
        ("ru;q=0.4, en;q=0.5", "en"),
        ("en;q=0.5,ru;q=0.5", "en"),
        ("de, fr;q=0.9", "ru"),
        ("de, en;q=0.1", "en"),
        ("*", "ru"),
        ("ru;q=0, *", "en"),
        ("en;q=0", "ru"),
        ("en;q=2", "ru"),
        ("en;q=", "ru"),
        (";;;,,,=q", "ru"),
    ],
)
def test_the_header_chooses_the_language(header: str | None, expected: str) -> None:
    assert language_of(header) == expected


@given(st.text())
def test_a_garbage_header_is_harmless(header: str) -> None:
    assert language_of(header) in {"ru", "en"}


@pytest.mark.parametrize(
    ("money", "ru", "en"),
    [
        (Money(129_900, "RUB"), "1\u202f299\u00a0₽", "₽1,299"),
        (Money(4_905, "RUB"), "49,05\u00a0₽", "₽49.05"),
        (Money(-100_000_050, "RUB"), "\u22121\u202f000\u202f000,50\u00a0₽", "\u2212₽1,000,000.50"),
        (Money(0, "RUB"), "0\u00a0₽", "₽0"),
        (Money(1_500, "JPY"), "1\u202f500\u00a0JPY", "JPY\u00a01,500"),
        (Money(1_500, "KWD"), "1,500\u00a0KWD", "KWD\u00a01.500"),
    ],
)
def test_money_as_people_write_it(money: Money, ru: str, en: str) -> None:
    assert (format_money(money, "ru"), format_money(money, "en")) == (ru, en)


@pytest.mark.parametrize(
    ("size_bytes", "ru", "en"),
    [
        (0, "0\u00a0Б", "0\u00a0B"),
        (999, "999\u00a0Б", "999\u00a0B"),
        (1_000, "1\u00a0КБ", "1\u00a0KB"),
        (38_240_000_000, "38,2\u00a0ГБ", "38.2\u00a0GB"),
        (150_600_000, "151\u00a0МБ", "151\u00a0MB"),
        (999_600_000, "1\u00a0ГБ", "1\u00a0GB"),
        (99_960_000, "100\u00a0МБ", "100\u00a0MB"),
        (5_000_000_000_000_000, "5\u202f000\u00a0ТБ", "5,000\u00a0TB"),
    ],
)
def test_sizes_as_people_write_them(size_bytes: int, ru: str, en: str) -> None:
    assert (format_size(size_bytes, "ru"), format_size(size_bytes, "en")) == (ru, en)


def test_numbers_drop_what_says_nothing() -> None:
    assert [format_number(n, "ru", digits=2) for n in (1.0, 1.5, -0.001, 100)] == ["1", "1,5", "0", "100"]
    assert format_number(-0.4, "en") == "0"


def test_days_and_moments() -> None:
    assert format_date(date(2026, 11, 23), "ru") == "23\u00a0ноября 2026"
    assert format_date(date(2026, 5, 1), "en") == "1\u00a0May 2026"
    moment = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    assert format_moment(moment, "ru", MOSCOW) == "24\u00a0ноября 2026, 01:30"
