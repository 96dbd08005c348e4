"""Play: `python3 -m last_samovar`; `--headless SEED` lets chance walk through the train, in silence, to one of its ends."""

import json
import random
import sys
import textwrap
from collections.abc import Callable
from typing import Any

from samovar.sdk.game import Game

from .story import FIRST, Choice, open_choices, read

WIDTH = 74
STEPS_MAX = 500
AMBER, FAINT, PLAIN = "\x1b[38;5;215m", "\x1b[38;5;245m", "\x1b[0m"
WORDS = {
    "ru": {"title": "ПОСЛЕДНИЙ САМОВАР", "how": "Число — выбор, q — сойти и вернуться завтра.", "bye": "Поезд постоит.", "end": "Налито стаканов: {glasses}."},
    "en": {"title": "THE LAST SAMOVAR", "how": "A number chooses, q gets off until tomorrow.", "bye": "The train will wait.", "end": "Glasses poured: {glasses}."},
}  # fmt: skip
Ask = Callable[[list[Choice]], int | None]


class Night:
    """One night on the train; kept as a save after every step."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.scenes = read()
        self.file = game.saves / "night.json"
        self.scene, self.has, self.glasses, self.nights = FIRST, set[str](), 0, 0
        if self.file.exists():
            try:
                self._take(json.loads(self.file.read_text("utf-8")))
            except (ValueError, KeyError, TypeError):
                self.file.replace(self.file.with_suffix(".spoilt"))

    def step(self, choice: Choice) -> None:
        """Do what was chosen."""
        self.scene = choice.to
        self.has |= set(choice.gives)
        self.glasses += choice.glasses
        if choice.achieves:
            self.game.achieve(choice.achieves)
        if not self.scenes[self.scene].choices:
            self.nights += 1
            self.game.achieve(f"end-{self.scene}")
            self.game.achieve("three-nights", self.nights)
        self.game.set_stats(glasses=self.glasses, nights=self.nights)
        self._keep()

    def begin(self) -> None:
        """Begin another night; what was poured stays counted."""
        self.scene, self.has = FIRST, set()
        self._keep()

    def _take(self, kept: dict[str, Any]) -> None:
        scene, has = str(kept["scene"]), {str(one) for one in kept["has"]}
        glasses, nights = int(kept["glasses"]), int(kept["nights"])
        self.scene = scene if scene in self.scenes else FIRST
        self.has, self.glasses, self.nights = has, glasses, nights

    def _keep(self) -> None:
        kept = {"scene": self.scene, "has": sorted(self.has), "glasses": self.glasses, "nights": self.nights}
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps(kept), "utf-8")
        part.replace(self.file)


def tell(night: Night, ask: Ask, say: Callable[[str], None]) -> bool:
    """Tell the story on to its end; return whether it came to one."""
    language = "en" if night.game.language == "en" else "ru"
    if not night.scenes[night.scene].choices:
        night.begin()
    for _ in range(STEPS_MAX):
        scene = night.scenes[night.scene]
        for paragraph in scene.words[language].split("\n\n"):
            say("\n" + textwrap.fill(" ".join(paragraph.split()), WIDTH, initial_indent="  "))
        choices = open_choices(scene, night.has)
        if not choices:
            say("\n" + AMBER + WORDS[language]["end"].format(glasses=night.glasses) + PLAIN)
            return True
        for number, choice in enumerate(choices, 1):
            say(f"{AMBER}{number}{PLAIN} {choice.words[language]}")
        chosen = ask(choices)
        if chosen is None:
            say(WORDS[language]["bye"])
            return False
        night.step(choices[chosen])
    return False


def typed(choices: list[Choice]) -> int | None:
    """Ask until the answer is one of the choices; none: enough for tonight."""
    while True:
        try:
            answer = input("> ").strip().lower()
        except EOFError:
            return None
        if answer in {"q", "й"}:
            return None
        if answer.isdecimal() and 1 <= int(answer) <= len(choices):
            return int(answer) - 1


if __name__ == "__main__":
    tonight = Night(Game.from_environment())
    if sys.argv[1:2] == ["--headless"]:
        chance = random.Random(sys.argv[2])
        has_ended = tell(tonight, lambda choices: chance.randrange(len(choices)), lambda _said: None)
        print(json.dumps({"scene": tonight.scene, "glasses": tonight.glasses, "ended": has_ended}))
    else:
        shown = WORDS.get(tonight.game.language, WORDS["ru"])
        print(f"\n{AMBER}{shown['title']}{PLAIN}\n{FAINT}{shown['how']}{PLAIN}")
        tell(tonight, typed, print)
