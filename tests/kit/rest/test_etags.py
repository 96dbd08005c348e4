"""Changes are made to what the client has seen."""

import msgspec
import pytest

from samovar.kit.errors import PreconditionFailed
from samovar.kit.rest.etags import client_has, etag_of, require_match

SEEN = {"title": "Ёлка"}
TAG = etag_of(msgspec.json.encode(SEEN))


@pytest.mark.parametrize("header", [None, "*", TAG, f"W/{TAG}", f'"other", W/{TAG}', f" {TAG} "])
def test_a_tag_of_what_is_there_lets_the_change_pass(header: str | None) -> None:
    require_match(header, SEEN)
    assert etag_of(msgspec.json.encode({"title": "Ёлка"})) == TAG


@pytest.mark.parametrize("header", ["", '"other"', TAG.strip('"'), "W/", ",,", f"{TAG}x", "\xff"])
def test_any_other_header_stops_it(header: str) -> None:
    with pytest.raises(PreconditionFailed):
        require_match(header, SEEN)


@pytest.mark.parametrize("header", ["*", TAG, f"W/{TAG}", f'"other", W/{TAG}', f" {TAG} "])
def test_a_client_that_names_the_tag_has_it(header: str) -> None:
    assert client_has(header, TAG)


@pytest.mark.parametrize("header", [None, "", '"other"', TAG.strip('"'), f"{TAG}x", "\xff"])
def test_any_other_client_is_sent_it(header: str | None) -> None:
    assert not client_has(header, TAG)
