"""Play: `python3 -m tea_line`; `--headless SEED` lets it play by itself, in silence."""

import json
import sys
from pathlib import Path
from typing import Any

from samovar.sdk.game import Game

from .pipes import (
    EAST,
    NORTH,
    SOUTH,
    WEST,
    Cell,
    Level,
    Pipes,
    is_cup,
    is_poured,
    levels_in,
    solve,
    turned,
    wet,
)

FOLDER = Path(__file__).parent
COPPER, TEA, FAINT, PLAIN = "\x1b[38;5;173m", "\x1b[38;5;220m", "\x1b[38;5;242m", "\x1b[0m"
WORDS = {
    "ru": {
        "title": "ЧАЙНЫЙ ПУТЬ",
        "how": "b2 — повернуть трубу в столбце b, ряду 2 · q — допить завтра",
        "odd": "Такой трубы нет.",
        "done": "Все чашки полны, ни капли мимо! Поворотов: {turns}.",
        "end": "Чай выпит. Самовар остывает и тихо поёт.",
        "level": "{number} из {all}: {name}",
        "bye": "Самовар подождёт.",
    },
    "en": {
        "title": "THE TEA LINE",
        "how": "b2 turns the pipe in column b, row 2 · q leaves the tea for tomorrow",
        "odd": "There is no such pipe.",
        "done": "Every cup is full and not a drop is spilt! Turns: {turns}.",
        "end": "The tea is drunk. The samovar cools down, singing softly.",
        "level": "{number} of {all}: {name}",
        "bye": "The samovar will wait.",
    },
}


class Party:
    """A tea party: which level, how many turns; kept as a save after every level."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.words = WORDS.get(game.language, WORDS["ru"])
        # An update brings further files of levels.
        self.levels = [
            one for file in sorted(FOLDER.glob("levels*.txt")) for one in levels_in(file.read_text("utf-8"))
        ]
        self.file = game.saves / "party.json"
        self.kept: dict[str, Any] = {"level": 0, "turns": 0}
        if self.file.exists():
            try:
                self.kept |= json.loads(self.file.read_text("utf-8"))
            except ValueError:
                self.file.replace(self.file.with_suffix(".spoilt"))

    def begun(self) -> None:
        """Tell the player's friends which evening it is."""
        self.game.presence.show_phrase("evening", number=self.kept["level"] + 1, all=len(self.levels))

    def poured(self, turns: int, needed: int) -> None:
        """Note that a level is done."""
        self.kept = {"level": self.kept["level"] + 1, "turns": self.kept["turns"] + turns}
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps(self.kept), "utf-8")
        part.replace(self.file)
        self.game.achieve("first-cup")
        self.game.achieve("samovar-empty", self.kept["level"])
        if turns <= needed:
            self.game.achieve("steady-hand")
        self.game.set_stats(levels=self.kept["level"], turns=self.kept["turns"])


def picture(level: Level, pipes: Pipes) -> str:
    """Return the board as a terminal shows it: three by three letters a pipe, wet ones in the colour of tea."""
    width, height = level.size
    full = wet(pipes, level.row)
    head = " " * 6 + "".join(f" {chr(97 + x)} " for x in range(width))
    lines = [f"{FAINT}{head}{PLAIN}"]
    for y in range(height):
        for part in range(3):
            left = ("  ▄▄  ", " ▐██═╸", "  ▀▀  ")[part] if y == level.row else " " * 6
            cells = "".join(_third(pipes[x, y], part, is_wet=(x, y) in full) for x in range(width))
            lines.append(f"{COPPER}{left}{cells}{FAINT} {y + 1 if part == 1 else ''}{PLAIN}")
    return "\n".join(lines)


def _third(pipe: int, part: int, *, is_wet: bool) -> str:
    colour = TEA if is_wet else COPPER
    if part != 1:
        return f"{colour} {'┃' if pipe & (NORTH, 0, SOUTH)[part] else ' '} "
    joints = {5: "┃", 10: "━", 3: "┗", 6: "┏", 12: "┓", 9: "┛", 7: "┣", 14: "┳", 13: "┫", 11: "┻", 15: "╋"}
    middle = ("◉" if is_wet else "◌") if is_cup(pipe) else joints[pipe]
    return f"{colour}{'━' if pipe & WEST else ' '}{middle}{'━' if pipe & EAST else ' '}"


def asked(words: dict[str, str], pipes: Pipes) -> Cell | None:
    """Ask which pipe to turn; none: enough for today."""
    while True:
        try:
            typed = input("> ").strip().lower()
        except EOFError:
            return None
        if typed in {"q", "й"}:
            return None
        if (
            len(typed) > 1
            and typed[1:].isdecimal()
            and (cell := (ord(typed[0]) - 97, int(typed[1:]) - 1)) in pipes
        ):
            return cell
        print(words["odd"], words["how"])


def play(party: Party) -> None:
    """Play in the terminal until the tea or the player is out."""
    words = party.words
    print(f"\n{COPPER}{words['title']}{PLAIN}\n{FAINT}{words['how']}{PLAIN}")
    while party.kept["level"] < len(party.levels):
        number = party.kept["level"]
        party.begun()
        level = party.levels[number]
        pipes, turns = level.mixed(number), 0
        needed = sum(times for _, times in solve(pipes, level.row) or [])
        name = level.en if party.game.language == "en" else level.ru
        print("\n" + words["level"].format(number=number + 1, all=len(party.levels), name=name))
        while not is_poured(pipes, level.row):
            print(picture(level, pipes))
            cell = asked(words, pipes)
            if cell is None:
                print(words["bye"])
                return
            pipes[cell], turns = turned(pipes[cell]), turns + 1
        print(picture(level, pipes) + "\n" + words["done"].format(turns=turns))
        party.poured(turns, needed)
    party.game.presence.show_phrase("farewell")
    print(words["end"])


def play_alone(party: Party, levels: int) -> None:
    """Play by itself, so many levels at the most."""
    for number in range(party.kept["level"], min(len(party.levels), party.kept["level"] + levels)):
        party.begun()
        level = party.levels[number]
        pipes = level.mixed(number)
        needed = solve(pipes, level.row) or []
        for cell, times in needed:
            pipes[cell] = turned(pipes[cell], times)
        if is_poured(pipes, level.row):
            turns = sum(times for _, times in needed)
            party.poured(turns, turns)
    print(json.dumps(party.kept | {"levels": len(party.levels)}))


if __name__ == "__main__":
    started = Party(Game.from_environment())
    if sys.argv[1:2] == ["--headless"]:
        play_alone(started, int(sys.argv[2]))
    else:
        play(started)
