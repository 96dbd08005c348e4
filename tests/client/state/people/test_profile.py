"""A profile goes into its form and comes back as what is sent; a picture is known by its first bytes."""

from datetime import UTC, datetime

import pytest

from samovar.client.api.account.profiles import Link, Me
from samovar.client.state.forms import Form
from samovar.client.state.people.profile import change_of, values_of
from samovar.client.uploading import picture_kind

ME = Me(
    account_id="1",
    display_name="Марфа",
    avatar_url="/v1/avatars/d1",
    name=None,
    bio="Чай пью.",
    links=[Link("Блог", "https://example.org")],
    is_country_shown=True,
    registered_at=datetime(2026, 11, 1, tzinfo=UTC),
)


def test_what_was_not_touched_is_not_sent() -> None:
    assert change_of(Form(values_of(ME)), ME) == {}


def test_what_was_changed_is_sent_alone() -> None:
    form = Form(values_of(ME))
    form.write("bio", " Собираю самовары. ")
    form.write("name", "marfa")
    form.choose("is_country_shown", chosen=False)
    wanted = {"bio": "Собираю самовары.", "name": "marfa", "is_country_shown": False}
    assert change_of(form, ME) == wanted


def test_an_emptied_link_is_left_out_and_one_without_a_title_is_called_by_its_address() -> None:
    form = Form(values_of(ME))
    form.write("title.0", "")
    form.write("url.0", " ")
    form.write("url.1", "https://example.org/games")
    link = {"title": "https://example.org/games", "url": "https://example.org/games"}
    assert change_of(form, ME) == {"links": [link]}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"<svg>", None),
        (b"", None),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(content: bytes, kind: str | None) -> None:
    assert picture_kind(content) == kind
