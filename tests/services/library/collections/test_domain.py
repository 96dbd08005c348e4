"""The order of collections."""

from uuid import uuid4

from samovar.services.library.collections.domain import moved, words_of_name


def test_one_is_moved_and_the_others_keep_their_order() -> None:
    a, b, c = uuid4(), uuid4(), uuid4()
    assert moved([a, b, c], c, 1) == [a, c, b]
    assert moved([a, b, c], a, 9) == [b, c, a]


def test_a_name_of_signs_stands_for_itself() -> None:
    assert words_of_name("★★") == "★★"
    assert words_of_name("Ёлки!") == "елки"
