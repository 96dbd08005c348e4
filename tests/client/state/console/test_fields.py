"""Fields of a page are told by the names that people know, and found again."""

import pytest

from samovar.client.state.console.fields import name_of_field, part_of
from samovar.client.state.words import Words, catalogue

WORDS = Words(catalogue(), "ru")


@pytest.mark.parametrize(
    ("field", "name", "part"),
    [
        ("title", "Название", "texts"),
        ("texts.en.short_description", "По-английски · Короткое описание", "texts"),
        ("texts.en", "По-английски", "texts"),
        ("needs.windows.minimum.cpu", "Windows · Минимальные · Процессор", "needs"),
        ("release.on", "День выхода", "texts"),
        ("release.promise.en", "То же по-английски", "texts"),
        ("age.descriptors", "Возраст", "words"),
        ("tags", "Метки", "words"),
        ("media", "Картинки", "pictures"),
        ("something.else.entirely", "something.else.entirely", "texts"),
    ],
)
def test_a_field_has_a_name_and_a_place(field: str, name: str, part: str) -> None:
    assert (name_of_field(WORDS, field), part_of(field)) == (name, part)
