"""What an app still needs."""

from samovar.client.api.console.pages import Lack
from samovar.client.state.console.checklist import checklist


def done_of(needed: list[Lack], *, tags: int = 0, has_package: bool = False) -> dict[str, bool]:
    found = checklist(needed, tags=tags, has_package=has_package, has_build=True, is_confirmed=False)
    return {one.name: one.is_done for one in found}


def test_what_the_platform_names_is_missing_and_all_else_is_done() -> None:
    needed = [Lack("texts.ru.description", "text_needed"), Lack("tags", "tags_needed")]
    assert done_of(needed, tags=3, has_package=True) == {
        "text": False,
        "cover": True,
        "tags": False,
        "price": True,
        "build": True,
        "legal": False,
    }


def test_of_a_game_that_is_to_come_tags_and_a_package_are_good_to_have() -> None:
    found = checklist([], tags=4, has_package=False, has_build=False, is_confirmed=True)
    assert [one.name for one in found if not one.is_needed] == ["tags", "price", "build"]
    assert [one.name for one in found if one.is_done] == ["text", "cover", "legal"]
