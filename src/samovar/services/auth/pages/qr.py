"""The picture that another device's camera reads."""

import io

import segno

# Light around the code, in modules (ISO/IEC 18004, section 6.3.8); and enough of it twice for a screen that reflects.
BORDER = 4
DARK, LIGHT = "#000000", "#ffffff"


def svg_of(link: str) -> str:
    """Return a QR code as SVG that fits any place: dark on light, whatever the page's colours."""
    picture = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        picture, kind="svg", border=BORDER, dark=DARK, light=LIGHT, xmldecl=False, svgns=True, omitsize=True
    )
    return picture.getvalue().decode().strip()
