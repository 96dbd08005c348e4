"""What an app still needs."""

from samovar.client.api.console.pages import Lack
from samovar.client.state.console.checklist import checklist


def test_what_the_platform_names_is_missing_and_all_else_is_done() -> None:
    needed = [Lack("texts.ru.description", "text_needed"), Lack("tags", "tags_needed")]
    found = {one.name: one.is_done for one in checklist(needed, has_build=True, is_confirmed=False)}
    assert found == {
        "text": False,
        "cover": True,
        "tags": False,
        "price": True,
        "build": True,
        "legal": False,
    }


def test_a_build_is_good_to_have_and_the_rest_is_needed() -> None:
    found = checklist([], has_build=False, is_confirmed=True)
    assert [one.name for one in found if not one.is_needed] == ["build"]
