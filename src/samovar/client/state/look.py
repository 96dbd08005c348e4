"""How everything is shown."""

from dataclasses import dataclass

import flet as ft

from samovar.language.formats import Language


@ft.observable
@dataclass
class Look:
    """What changes every screen at once.

    Attributes:
        is_offline: The platform did not answer the last call.
        is_described: Screen readers get everything from the first frame on.
        is_calm: Nothing moves by itself.
    """

    language: Language = "ru"
    is_offline: bool = False
    is_described: bool = False
    is_calm: bool = False
