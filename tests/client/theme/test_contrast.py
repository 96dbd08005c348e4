"""The colours in which people read are far enough apart (WCAG 2.2, criteria 1.4.3 and 1.4.11)."""

import pytest

from samovar.client.theme.contrast import CONTROL_MIN, TEXT_MIN, contrast
from samovar.client.theme.tokens import Colours

_SURFACES = {
    "canvas": Colours.CANVAS,
    "surface1": Colours.SURFACE1,
    "surface2": Colours.SURFACE2,
    "surface3": Colours.SURFACE3,
}
_EVERYWHERE = {
    "text": Colours.TEXT,
    "text2": Colours.TEXT2,
    "link": Colours.LINK,
    "success": Colours.SUCCESS,
    "warning": Colours.WARNING,
}
_NOT_ON_THE_TRACK = {"text3": Colours.TEXT3, "danger": Colours.DANGER, "accent": Colours.ACCENT}
TEXTS = [
    *(
        (f"{name} on {place}", color, back)
        for name, color in _EVERYWHERE.items()
        for place, back in _SURFACES.items()
    ),
    *(
        (f"{name} on {place}", color, back)
        for name, color in _NOT_ON_THE_TRACK.items()
        for place, back in _SURFACES.items()
        if place != "surface3"
    ),
    ("the primary button", Colours.ON_ACCENT, Colours.ACCENT),
    ("a discount", Colours.SALE, Colours.SALE_BACK),
]


@pytest.mark.parametrize(("color", "back"), [pair[1:] for pair in TEXTS], ids=[pair[0] for pair in TEXTS])
def test_text_can_be_read(color: str, back: str) -> None:
    assert contrast(color, back) >= TEXT_MIN


@pytest.mark.parametrize("back", [Colours.CANVAS, Colours.SURFACE1, Colours.SURFACE2])
def test_the_border_of_a_field_can_be_seen(back: str) -> None:
    assert contrast(Colours.CONTROL_LINE, back) >= CONTROL_MIN


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#FFFFFF", 21.0), ("#777777", "#FFFFFF", 4.48)]
)
def test_the_ratio_is_that_of_the_standard(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.01)
