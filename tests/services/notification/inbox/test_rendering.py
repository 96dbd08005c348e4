"""Every kind has its sentences and its place in the client, in both languages, whatever is not known."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from samovar.kit.i18n import LANGUAGES, Catalogue, Language
from samovar.services.notification.app import service
from samovar.services.notification.domain import KINDS
from samovar.services.notification.inbox.rendering import LINKS, Renderer
from samovar.services.notification.inbox.repository import Row

FACTS: dict[str, Any] = {
    "order_id": str(uuid4()),
    "amount": {"amount": 129_900, "currency": "RUB"},
    "until": "2026-12-27T12:00:00+00:00",
    "destination": "wallet",
    "credential": "passkey",
    "action": "added",
    "device": "Firefox",
    "address": "::1",
}


def row(kind: str, **known: Any) -> Row:
    """Return a row of a kind of which nothing but the facts is known."""
    fields: dict[str, Any] = {
        "app_id": None,
        "person_id": None,
        "organisation_id": uuid4(),
        "facts": FACTS,
        "read_at": None,
        **dict.fromkeys(("slug", "title", "display_name", "avatar_url", "organisation")),
    }
    return Row(id=uuid4(), kind=kind, happened_at=datetime.now(UTC), **{**fields, **known})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_reads_well_where_no_name_is_known(kind: str, language: Language) -> None:
    told = Renderer(Catalogue.load([service.locale])).notification(row(kind), language)
    for sentence in (told.title, told.body):
        assert sentence
        assert not sentence.startswith("notification.")
        assert not set(sentence) & set("{}")
    assert told.link.startswith("/")
    assert "None" not in told.link or kind.startswith("submission")


def test_every_kind_leads_somewhere() -> None:
    assert set(LINKS) == set(KINDS)


def test_a_title_that_looks_like_a_parameter_stays_what_it_is() -> None:
    told = Renderer(Catalogue.load([service.locale])).notification(
        row("friend_requested", display_name="{person} {amount} <b>"), "ru"
    )
    assert told.body == "{person} {amount} <b> хочет с вами дружить."


def test_words_that_are_not_known_yet_have_a_word_of_their_own() -> None:
    facts = {"credential": "retina", "action": "borrowed"}
    told = Renderer(Catalogue.load([service.locale])).notification(
        row("credential_changed", facts=facts), "en"
    )
    assert told.body.startswith("Changed: way to sign in.")


def test_a_sign_in_without_a_device_names_none() -> None:
    told = Renderer(Catalogue.load([service.locale])).notification(row("signed_in", facts={}), "ru")
    assert told.body.startswith("Вход с незнакомого устройства.")
