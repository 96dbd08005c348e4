"""One span of bytes, as a `Range` names it."""

import pytest

from samovar.kit.rest.answers import span_of


@pytest.mark.parametrize(
    ("text", "span"),
    [
        (None, None),
        ("bytes=0-9", (0, 10)),
        ("bytes=90-", (90, 100)),
        ("bytes=90-1000", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-1000", (0, 100)),
        ("bytes=0-1,5-6", None),
        ("bytes=-", None),
        ("pages=1-2", None),
    ],
)
def test_a_span_of_bytes(text: str | None, span: tuple[int, int] | None) -> None:
    assert span_of(text, 100) == span


@pytest.mark.parametrize("text", ["bytes=100-", "bytes=9-3", "bytes=-0"])
def test_a_span_outside_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="bytes"):
        span_of(text, 100)
