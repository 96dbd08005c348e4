"""A page as players would see it."""

from samovar.client.state.console.preview import preview_of


def test_a_page_without_a_language_is_shown_in_the_other_one() -> None:
    page = {
        "slug": "chajnik",
        "title": "Teapot",
        "texts": {"ru": {"title": "Чайник", "short_description": "Про чайник"}},
        "tags": ["cosy", "odd"],
        "requirements": [{"platform": "linux", "memory_mib": 1024}],
        "media": [{"kind": "capsule", "image": "a" * 64, "width": 616, "height": 353}],
    }
    shown = preview_of(page, "en", genres={}, tags={"cosy": "Уютная"})
    assert (shown.title, shown.short_description) == ("Чайник", "Про чайник")
    assert [one.name for one in shown.tags] == ["Уютная", "odd"]
    assert shown.requirements[0].level == "minimum"
    assert shown.capsule_url == f"/v1/media/{'a' * 64}"


def test_an_empty_page_is_shown_too() -> None:
    shown = preview_of({"title": "Чайник"}, "ru", genres={}, tags={})
    assert (shown.title, shown.description, shown.media) == ("Чайник", "", [])
