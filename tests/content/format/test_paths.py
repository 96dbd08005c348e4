"""Paths of a build."""

import pytest

from samovar.content.format.errors import PathRefused
from samovar.content.format.paths import check_path, check_siblings, check_target


@pytest.mark.parametrize(
    "path",
    [
        *("", "/", "/etc/passwd", "a//b", "a/", ".", "..", "../a", "a/../b", "a/./b"),
        *("a\\b", "C:\\a", "C:a", "a:stream", "a\0b", "a\nb", "a\x7f", "a?", "a*", "a|b", "<a>", '"a"'),
        *("con", "CON", "con.txt", "Aux.tar.gz", "a/NUL/b", "lpt1", "COM¹", "conin$", "com1 .txt"),
        *("a.", "a ", "a /b", "a./b", "..."),
        *("e\u0301", "и\u0306", "\ud800"),
        *("a" * 256, "ё" * 128, "/".join(["a" * 250] * 17), "/".join("a" * 101)),
        *(".samovar", ".samovar/journal", ".SAMOVAR/x"),
    ],
)
def test_a_path_that_some_system_cannot_hold_or_that_leads_outside_is_refused(path: str) -> None:
    with pytest.raises(PathRefused) as refused:
        check_path(path)
    assert refused.value.path == path


@pytest.mark.parametrize(
    "path",
    [
        *("a", "Игра/Данные/уровень 1.pak", "é", "й", "日本/語.txt", "🎮"),
        *(".hidden", "a..b", "console", "com10", "a/.samovar", "lpt", "nul-terminated"),
        *("a" * 255, "ё" * 127, "/".join("a" * 100)),
    ],
)
def test_a_path_that_every_system_can_hold_is_taken_as_it_is(path: str) -> None:
    assert check_path(path) == path


@pytest.mark.parametrize(
    ("one", "other"),
    [("a", "A"), ("Игра", "ИГРА"), ("straße", "STRASSE"), ("é", "É"), ("ὀδός", "ὈΔΌΣ")],
)
def test_names_that_differ_by_case_alone_clash(one: str, other: str) -> None:
    with pytest.raises(PathRefused, match="clashes"):
        check_siblings("folder", [one, "x", other])


def test_names_that_differ_by_more_than_case_do_not_clash() -> None:
    names = ["a", "b", "е", "ё"]
    check_siblings("", names)
    assert len({*names}) == 4


@pytest.mark.parametrize(
    ("path", "target"),
    [
        *(("a", ".."), ("a", "/etc"), ("a", "../x"), ("d/a", "../../x"), ("a", ""), ("a", "x/../y")),
        *(("d/a", "x/../../y"), ("a", "."), ("a", "./b"), ("a", "b/"), ("a", "C:\\x"), ("a", ".samovar/x")),
        ("d/a", "../.samovar"),
    ],
)
def test_a_link_that_could_lead_outside_is_refused(path: str, target: str) -> None:
    with pytest.raises(PathRefused) as refused:
        check_target(path, target)
    assert refused.value.path == path


@pytest.mark.parametrize(
    ("path", "target"), [("a", "b"), ("d/a", "../b"), ("d/a", ".."), ("d/e/a", "../../x/y"), ("d/a", "ы")]
)
def test_a_link_inside_the_build_is_taken_as_it_is(path: str, target: str) -> None:
    assert check_target(path, target) == target
