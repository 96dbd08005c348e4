"""Envoy's own errors, in the reader's language."""

import re

from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.i18n import language_of
from samovar.services.gateway.envoy.local_replies import _ENGLISH
from tests.services.gateway.conftest import Gateway

tags = st.sampled_from(["ru", "ru-RU", "en", "en-GB", "de", "fr-CA", "r", "rm", "eno", ""])


async def test_an_error_is_worded_in_the_readers_language(gateway: Gateway) -> None:
    russian = await gateway.ask("/nowhere")
    english = await gateway.ask("/nowhere", headers={"accept-language": "en-GB,en;q=0.9,ru;q=0.5"})
    assert set(russian.body) == {"type", "title", "status", "code", "detail", "trace_id"}
    assert russian.body["type"] == "urn:samovar:problem:request.not_found"
    assert (russian.body["title"], english.body["title"]) == ("Не найдено", "Not found")
    assert (russian.body["status"], russian.headers["cache-control"]) == (404, "no-store")
    assert len(russian.body["trace_id"]) == 32


async def test_every_answer_has_a_request_id(gateway: Gateway) -> None:
    for path in ("/v1/things", "/nowhere", "/v1/things/special%2F", "/v1/limits/account"):
        assert len((await gateway.ask(path)).headers["x-request-id"]) == 36


@given(st.lists(tags, max_size=5))
def test_english_is_who_names_it_first(wanted: list[str]) -> None:
    header = ", ".join(wanted)
    expected = language_of(", ".join(f"{tag};q={1 - place / 10:.1f}" for place, tag in enumerate(wanted)))
    assert bool(re.fullmatch(_ENGLISH, header)) == (expected == "en")
