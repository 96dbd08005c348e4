"""The story as it is written down, and where somebody is in it. Pure but for reading the files."""

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent
FIRST = "platform"


class Choice(NamedTuple):
    """What one may do in a scene.

    Attributes:
        needs: What one must have, or must not have where it begins with `!`.
        gives: What one has after it.
        achieves: The achievement that it is worth.
    """

    words: dict[str, str]
    to: str
    needs: tuple[str, ...]
    gives: tuple[str, ...]
    glasses: int
    achieves: str | None


class Scene(NamedTuple):
    """A place in the story; without choices it ends there."""

    words: dict[str, str]
    choices: tuple[Choice, ...]


def read() -> dict[str, Scene]:
    """Return all scenes; each carriage is a file, so that an update may couple another one to the train."""
    scenes: dict[str, Scene] = {}
    doors: dict[str, list[Choice]] = {}
    for file in sorted(FOLDER.glob("carriage*.toml")):
        for key, written in tomllib.loads(file.read_text("utf-8")).items():
            choices = [_choice(one) for one in written.get("choice", [])]
            if "ru" in written:
                scenes[key] = Scene(
                    {"ru": written["ru"].strip(), "en": written["en"].strip()}, tuple(choices)
                )
            else:
                doors.setdefault(key, []).extend(choices)
    return {
        key: scene._replace(choices=(*doors.get(key, ()), *scene.choices)) for key, scene in scenes.items()
    }


def open_choices(scene: Scene, has: set[str]) -> list[Choice]:
    """Return what one may do with what one has."""
    return [
        choice
        for choice in scene.choices
        if all((need[1:] not in has) if need.startswith("!") else (need in has) for need in choice.needs)
    ]


def _choice(written: dict[str, Any]) -> Choice:
    return Choice(
        words={"ru": written["ru"], "en": written["en"]},
        to=written["to"],
        needs=tuple(written.get("needs", ())),
        gives=tuple(written.get("gives", ())),
        glasses=written.get("glasses", 0),
        achieves=written.get("achieves"),
    )
