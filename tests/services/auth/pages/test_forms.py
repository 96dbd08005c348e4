"""Forms come back only from the browser, for the purpose and in the time they were made for."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from samovar.kit.settings import Secret
from samovar.services.auth.errors import FormStale
from samovar.services.auth.pages.forms import FORM_LENGTH_MAX, LIVES_FOR, Forms

NOW = datetime(2026, 11, 27, tzinfo=UTC)


class State(msgspec.Struct, frozen=True):
    login: str


class Other(msgspec.Struct, frozen=True):
    number: int


FORMS = Forms(Secret("s" * 32))
STATE = State("анна")
FORM = FORMS.seal(STATE, purpose="sign_in", browser="b1", now=NOW)
OTHER_FORM = Forms(Secret("t" * 32)).seal(STATE, purpose="sign_in", browser="b1", now=NOW)


def test_a_form_comes_back_as_it_was() -> None:
    assert FORMS.open(FORM, State, purpose="sign_in", browser="b1", now=NOW + LIVES_FOR) == STATE
    assert "анна" not in FORM


@pytest.mark.parametrize(
    ("form", "purpose", "browser"),
    [
        pytest.param(FORM, "consent", "b1", id="purpose"),
        pytest.param(FORM, "sign_in", "b2", id="browser"),
        pytest.param(FORM, "sign_in", "", id="no browser"),
        pytest.param(FORM, "sign_in", None, id="unknown browser"),
        pytest.param(FORM[:-8] + "AAAAAAA=", "sign_in", "b1", id="damaged"),
        (None, "sign_in", "b1"),
        ("", "sign_in", "b1"),
        ("ы", "sign_in", "b1"),
        ("=", "sign_in", "b1"),
        ("A" * (FORM_LENGTH_MAX + 4), "sign_in", "b1"),
        pytest.param(OTHER_FORM, "sign_in", "b1", id="making"),
    ],
)
def test_a_form_of_another_browser_purpose_or_making_is_refused(
    form: str | None, purpose: str, browser: str | None
) -> None:
    with pytest.raises(FormStale):
        FORMS.open(form, State, purpose=purpose, browser=browser, now=NOW)


def test_an_old_form_is_refused() -> None:
    late = NOW + LIVES_FOR + timedelta(seconds=1)
    with pytest.raises(FormStale):
        FORMS.open(FORM, State, purpose="sign_in", browser="b1", now=late)


def test_a_form_of_another_shape_is_refused() -> None:
    with pytest.raises(FormStale):
        FORMS.open(FORM, Other, purpose="sign_in", browser="b1", now=NOW)
