"""The tokens of the design system «Самовар»: a cold graphite room, warm copper light. No screen knows a colour or a size but these.

Copper is for action and progress only; the art of the games gives the rest of the colour. Colour never speaks alone.
"""

from typing import Final


class Colours:
    """Colours. The contrast of each pair that text is set in is held by a test (WCAG 2.2, criterion 1.4.3)."""

    CANVAS: Final = "#0F1216"
    SURFACE1: Final = "#161B22"
    SURFACE2: Final = "#1E252E"
    SURFACE3: Final = "#28313C"
    TEXT: Final = "#EEF2F6"
    TEXT2: Final = "#AEB9C6"
    TEXT3: Final = "#8491A1"
    ACCENT: Final = "#E9A23B"
    ON_ACCENT: Final = "#1B1205"
    LINK: Final = "#7CB4FF"
    SUCCESS: Final = "#4FCB8D"
    WARNING: Final = "#F4C152"
    DANGER: Final = "#FF6B6B"
    ON_DANGER: Final = "#2A0606"
    SALE: Final = "#D6FBE6"
    SALE_BACK: Final = "#14532F"
    LINE: Final = "#3A4655"
    CONTROL_LINE: Final = "#5F7086"


class Sizes:
    """Text sizes, pixels."""

    CAPTION: Final = 12
    BODY: Final = 14
    LEAD: Final = 16
    SECTION: Final = 20
    PAGE: Final = 26
    HERO: Final = 34


class Space:
    """Distances, pixels; the step is 4."""

    XS: Final = 4
    S: Final = 8
    M: Final = 12
    L: Final = 16
    XL: Final = 24
    XXL: Final = 32
    XXXL: Final = 48


class Radius:
    """Corners, pixels."""

    BADGE: Final = 4
    CARD: Final = 8
    PANEL: Final = 12


class Grid:
    """Widths, pixels. Below `PHONE` a bar at the bottom, to `TABLET` a rail, above it a wide rail."""

    PHONE: Final = 720
    TABLET: Final = 1100
    CONTENT_MAX: Final = 1440
    FORM: Final = 400
    READING: Final = 680
    RAIL: Final = 92
    WIDE_RAIL: Final = 200
    TARGET: Final = 44


class Motion:
    """Durations, milliseconds; nothing moves where the player asked for less motion."""

    HOVER: Final = 120
    PANEL: Final = 200


LINE_HEIGHT: Final = 1.45
HEADING_HEIGHT: Final = 1.2
FONT: Final = "Golos Text"
