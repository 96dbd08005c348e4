"""A page while it is edited."""

from typing import Any

from samovar.client.api.console.pages import StoredImage
from samovar.client.state.console.editing import Editing
from samovar.client.state.console.preview import preview_of

PAGE: dict[str, Any] = {
    "slug": "chajnik",
    "kind": "game",
    "title": "Чайник",
    "texts": {"ru": {"short_description": "Про чайник", "description": "Подробно."}},
    "release": {"stage": "coming_soon", "on": "2026-12-01"},
    "age": {"rating": 6},
    "platforms": ["windows"],
    "languages": [{"code": "ru", "voice": True}],
    "requirements": [
        {"platform": "windows", "cpu": "i3", "memory_mib": 8192},
        {"platform": "windows", "level": "recommended", "memory_mib": 1536},
    ],
    "media": [{"kind": "capsule", "image": "a" * 64, "width": 616, "height": 353}],
    "tags": ["cosy"],
}


def test_a_page_that_nobody_touched_has_no_changes() -> None:
    assert Editing.of(PAGE, None).patch() == {}


def test_a_patch_names_what_was_changed_alone() -> None:
    editing = Editing.of(PAGE, None)
    editing.form.write("texts.ru.short_description", "Про два чайника")
    editing.form.write("needs.windows.minimum.memory_mib", "0,5")
    editing.toggle("tags", "farm")
    patch = editing.patch()
    assert patch["texts"] == {"ru": {"short_description": "Про два чайника"}}
    assert patch["tags"] == ["cosy", "farm"]
    assert patch["requirements"][0] == {
        "platform": "windows",
        "level": "minimum",
        "cpu": "i3",
        "memory_mib": 512,
    }
    assert patch.keys() == {"texts", "tags", "requirements"}


def test_what_is_cleared_is_null_in_the_patch() -> None:
    editing = Editing.of(PAGE, None)
    editing.form.write("release.on", "")
    editing.form.write("texts.ru.description", "")
    editing.toggle("tags", "cosy")
    assert editing.patch() == {
        "release": {"on": None},
        "texts": {"ru": {"description": None}},
        "tags": None,
    }


def test_sizes_are_typed_in_gigabytes() -> None:
    editing = Editing.of(PAGE, None)
    assert editing.form.text("needs.windows.minimum.memory_mib") == "8"
    assert editing.form.text("needs.windows.recommended.memory_mib") == "1,5"


def test_what_is_no_size_and_no_day_is_refused_before_the_platform_is_asked() -> None:
    editing = Editing.of(PAGE, None)
    editing.form.write("needs.windows.minimum.memory_mib", "много")
    editing.form.write("needs.windows.minimum.storage_mib", "nan")
    editing.form.write("release.on", "31.02.2026")
    editing.form.write("title", " ")
    editing.form.write("texts.en.title", "Teapot")
    assert set(editing.faults()) == {
        "needs.windows.minimum.memory_mib",
        "needs.windows.minimum.storage_mib",
        "release.on",
        "title",
        "texts.en.short_description",
    }


def test_an_error_of_the_platform_finds_its_field() -> None:
    editing = Editing.of(PAGE, None)
    assert editing.place_of("requirements[1].memory_mib") == "needs.windows.recommended.memory_mib"
    assert editing.place_of("requirements[7].cpu") == "requirements[7].cpu"
    assert editing.place_of("tags[0]") == "tags"
    assert editing.place_of("texts.ru.title") == "texts.ru.title"


def test_a_second_cover_takes_the_place_of_the_first_and_screenshots_come_after_each_other() -> None:
    editing = Editing.of(PAGE, None)
    editing.add_picture("capsule", StoredImage("b" * 64, 616, 353))
    for letter in "cdd":
        editing.add_picture("screenshot", StoredImage(letter * 64, 1920, 1080))
    assert [(one["kind"], one["image"][0]) for one in editing.media] == [
        ("capsule", "b"),
        ("screenshot", "c"),
        ("screenshot", "d"),
    ]
    editing.move_picture(editing.media[2], -1)
    editing.move_picture(editing.media[1], -1)
    assert [one["image"][0] for one in editing.media] == ["b", "d", "c"]
    editing.drop_picture(editing.media[0])
    assert [one["image"][0] for one in editing.media] == ["d", "c"]
    assert PAGE["media"][0]["image"] == "a" * 64


def test_every_change_is_told() -> None:
    editing = Editing.of(PAGE, None)
    told: list[str] = []
    editing.listeners["me"] = lambda: told.append("x")
    editing.form.write("title", "Ч")
    editing.speak("en")
    editing.speak("en", "voice")
    editing.toggle("genres", "rpg")
    assert len(told) == 4
    assert editing.document()["languages"][1] == {
        "code": "en",
        "interface": True,
        "voice": True,
        "subtitles": False,
    }


def test_a_picture_says_what_it_shows_in_both_languages() -> None:
    editing = Editing.of(PAGE, None)
    editing.form.write(f"alt.{'a' * 64}.en", "A kettle")
    assert editing.patch()["media"][0]["alt"] == {"ru": "A kettle", "en": "A kettle"}
    editing.form.write(f"alt.{'a' * 64}.ru", "Чайник")
    assert editing.patch()["media"][0]["alt"] == {"ru": "Чайник", "en": "A kettle"}
    assert editing.place_of("media[0].alt.en") == f"alt.{'a' * 64}.en"


def test_what_a_picture_said_is_kept_until_it_is_cleared() -> None:
    told = PAGE | {"media": [PAGE["media"][0] | {"alt": {"ru": "Чайник"}}]}
    editing = Editing.of(told, None)
    assert editing.patch() == {}
    assert preview_of(editing.document(), "en", genres={}, tags={}).media[0].alt == "Чайник"
    editing.form.write(f"alt.{'a' * 64}.ru", "")
    assert editing.patch() == {"media": PAGE["media"]}
