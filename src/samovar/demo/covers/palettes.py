"""Colour harmonies of the covers, each named by its mood."""

from typing import NamedTuple

Colour = tuple[int, int, int]


class Palette(NamedTuple):
    """The colours of one world.

    Attributes:
        top: The sky overhead, or the depth of the picture.
        middle: The sky between.
        horizon: Where the sky meets the ground.
        light: The source of light, and what it touches.
        far: The ground in the distance.
        near: The ground at one's feet.
        accent: What catches the eye.
    """

    top: Colour
    middle: Colour
    horizon: Colour
    light: Colour
    far: Colour
    near: Colour
    accent: Colour


def mix(one: Colour, other: Colour, part: float) -> Colour:
    """Return the colour that lies between two: at 0 the first, at 1 the second."""
    return (
        round(one[0] + (other[0] - one[0]) * part),
        round(one[1] + (other[1] - one[1]) * part),
        round(one[2] + (other[2] - one[2]) * part),
    )


def luminance(colour: Colour) -> float:
    """Return how bright a colour looks, from 0 to 1."""
    return (0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]) / 255


def _palette(codes: str) -> Palette:
    colours = [(int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16)) for code in codes.split()]
    return Palette(*colours)


PALETTES = {
    name: _palette(codes)
    for name, codes in {
        # name: top, middle, horizon, light, far, near, accent
        "ember": "1a1030 7a2a3f f08a4b ffdf9e 8c3f4d 150c1c ffb347",
        "dawn": "27406f 8f7fb5 ffc3a0 fff1d6 7d7aa8 1c2340 ff8f6b",
        "noon": "2f7fc4 7cc0ea e4f3f2 fffbe6 7fb0b8 1f4f46 ffcf56",
        "meadow": "4a9bd1 a5d8e6 f4f3d0 fffbe0 8ec07c 24563a f6b73c",
        "dusk": "141c3d 4a3f7a d9839a ffd6b0 5a4a80 110f26 ff9fb2",
        "midnight": "060b1e 13264f 35608f cfe6ff 24416d 050914 7fc8ff",
        "aurora": "04111f 0d3a4a 2fae8f c8ffe0 1a4c5c 04131b 8affc1",
        "frost": "3b6ea5 9cc4e4 eef6fb ffffff 9db9d6 27466b ff7a59",
        "polar": "0b1f3a 2b5c8a a9d6e5 f4fbff 5f8fb4 0b2138 f7b801",
        "toxic": "06140f 12402d 7ecb4a e8ffb0 2a5c3a 050f0a c6ff3d",
        "moss": "0f2018 2f5a3f b7cf8a f6ffd0 4a7a52 0a1711 f2c14e",
        "amber": "1d0f08 6b3212 e8962e fff0c2 80501f 170b06 ffc857",
        "copper": "1b1411 5a3420 d98a4f ffe2b8 7a4a30 140d0a 5fd0c5",
        "rust": "20130f 71382a d67d4f ffd9a8 84503c 180e0b 9ad1d4",
        "blood": "12050a 4a0d18 c0392b ffc9a3 5e1a20 0c0406 ff5e4d",
        "wine": "1a0a1f 56204a c65b7c ffd3d0 6b2f56 13071a ffb86b",
        "violet": "100a2a 3a2276 9a6be0 efdcff 47318a 0a071c ff7ad9",
        "neon": "0a0620 2b0f5c e0318c ffd1f2 35156b 07041a 27e1ff",
        "cyber": "030a16 0a2a4a 1aa6c8 d4fbff 0f3d5e 020812 ff3d81",
        "vapour": "2b1055 7f3fbf ff9ec4 fff0c9 6a3fa0 1a0b3a 5ce1e6",
        "ocean": "04213d 0b5d8a 6cc6c9 f2fff4 1f7a94 041c30 ffd166",
        "lagoon": "0a4a6e 1c9aaf b9f0d8 fffbe3 2fae9f 07334a ff8a5c",
        "abyss": "010b18 042f4f 1683a0 b6fff2 0b4a66 01070f 59ffc8",
        "storm": "12161f 36424f 8d9aa3 f0f4f2 55626d 0d1016 e8c547",
        "slate": "10151d 2c3948 7d93a8 eef4fa 42536a 0b0f16 e9a23b",
        "steel": "141a24 3c4c63 b0bfce fdf6e3 5a6b82 0c1119 ff6b4a",
        "sand": "5a86a8 c9c3a5 f7ddaa fffbe8 c79a63 5a3a24 2f9c95",
        "dune": "3a1c3b a04d4b f5b067 fff0c4 b06a4c 2b1420 6fd3d6",
        "mars": "160a12 5e2420 d9703f ffd9b0 8c3f2c 16090b 86d3ff",
        "paper": "d8c7a3 eadfc4 f7f0de fffdf4 b79d75 4a3728 b8432f",
        "candy": "5b3fa0 e86fa6 ffd3b8 fff8e7 c47fc8 3a2470 4ee0c1",
        "sunny": "1f8fd6 69c8f2 fff3c4 ffffff 58b368 1c6b45 ff6b6b",
        "autumn": "2c3e5c 8c7a86 f3c68a fff2d2 b5643c 2a1716 e6512e",
        "harvest": "3f6fa0 b9b8a0 f6d58a fff5d6 c2913f 3f3016 d1432b",
        "sakura": "3f4f86 b391b5 fbd0d9 fff6f2 a889ad 2a2144 ff6f91",
        "gold": "0d0b14 3b2a1f b98a3f ffefbf 5a4326 0a0810 ffd55e",
        "jade": "06201c 11564a 5fc9a0 eafff0 1f6b5a 041512 ffcf5c",
        "ink": "0b0d12 232833 6b7280 f3f4f6 3a404d 07080c ff5a36",
    }.items()
}
