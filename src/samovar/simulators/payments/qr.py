"""QR codes, as the Bank of Russia's fast payments show them."""

import segno


def svg(link: str) -> str:
    """Return a QR code as an SVG image that fits its place; dark on white also on a dark page."""
    return str(
        segno.make(link, error="m", micro=False).svg_inline(
            omitsize=True, border=3, dark="#111", light="#fff", svgclass="qr", lineclass=None
        )
    )
