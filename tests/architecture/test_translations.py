"""Everything that people read is there in Russian and in English, the sentences of all errors included."""

import ast
import importlib
from pathlib import Path

import pytest

from samovar.kit.errors import Conflict
from samovar.kit.i18n import Catalogue, error_classes, missing

SRC = Path(__file__).parents[2] / "src"


def test_every_sentence_and_every_error_speaks_both_languages() -> None:
    for file in sorted([*SRC.glob("samovar/kit/*.py"), *SRC.glob("samovar/services/**/errors.py")]):
        importlib.import_module(".".join(file.relative_to(SRC).with_suffix("").parts))
    shipped = [kind for kind in error_classes() if kind.__module__.startswith("samovar.")]
    folders = {file.parent for file in SRC.glob("samovar/**/locale/*.toml")}
    assert missing(Catalogue.load(sorted(folders)), shipped) == []


def test_every_fault_of_a_field_speaks_both_languages() -> None:
    sentences = Catalogue.load(sorted({file.parent for file in SRC.glob("samovar/**/locale/*.toml")}))
    codes = {
        str(node.args[1].value)
        for file in SRC.glob("samovar/**/*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "FieldError"
        if len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
        and isinstance(node.args[1].value, str)
    }
    assert "cursor_invalid" in codes
    assert sorted(code for code in codes if f"field.{code}" not in sentences) == []


@pytest.mark.parametrize(
    ("russian", "english", "hole"),
    [
        ('["a.b"]\ntitle = "Нет"', "", "en: a.b.title is missing"),
        ('["a.b"]\ntitle = "Нет {count}"', '["a.b"]\ntitle = "No"', "a.b.title: parameters differ"),
    ],
)
def test_a_planted_hole_is_found(tmp_path: Path, russian: str, english: str, hole: str) -> None:
    (tmp_path / "ru.toml").write_text(russian, "utf-8")
    (tmp_path / "en.toml").write_text(english, "utf-8")
    assert missing(Catalogue.load([tmp_path]))[0].startswith(hole)


def test_a_planted_error_without_a_sentence_is_found() -> None:
    class WishlistFull(Conflict):
        code = "wishlist.full"

    assert "ru: wishlist.full.title is missing" in missing(Catalogue.load([]), [WishlistFull])
