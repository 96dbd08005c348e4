"""Play: `python3 -m embers`; `--headless SEED` lets it play by itself, in silence."""

import curses
import json
import sys
from typing import Any

from samovar.sdk.game import Game

from .yard import BOIL, CONE, DROP, HEIGHT, HONEY, LIVES, WIDTH, Yard, bot, evenings

TICK_MS = 70
TICKS_MAX = 6_000
SIGNS = {CONE: "♠", DROP: "╵", HONEY: "●"}
WORDS = {
    "ru": {"title": "ШИШКИ", "how": "← → двигать самовар · q уйти · ♠ шишки греют, ╵ дождь гасит, ● мёд лечит", "won": "Кипит! Дальше: любая клавиша", "lost": "Огонь погас. Ещё раз: любая клавиша", "small": "Окно слишком маленькое: нужно 40 на 20", "all": "Все вечера прошли. Чай готов."},
    "en": {"title": "EMBERS", "how": "← → move the samovar · q leaves · ♠ cones warm, ╵ rain quenches, ● honey heals", "won": "It boils! Any key goes on", "lost": "The fire is out. Any key tries again", "small": "The window is too small: it must be 40 by 20", "all": "All evenings are over. Tea is ready."},
}  # fmt: skip


class Season:
    """All evenings in a row; kept as a save after each one."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.evenings = evenings()
        self.file = game.saves / "season.json"
        self.kept: dict[str, Any] = {"evening": 0, "cones": 0, "tries": 0}
        if self.file.exists():
            try:
                self.kept |= json.loads(self.file.read_text("utf-8"))
            except ValueError:
                self.file.replace(self.file.with_suffix(".spoilt"))

    @property
    def is_over(self) -> bool:
        """Return whether no evening is left."""
        return int(self.kept["evening"]) >= len(self.evenings)

    def yard(self) -> Yard:
        """Return the next evening."""
        return Yard(self.evenings[self.kept["evening"]], str(self.kept["tries"]))

    def over(self, yard: Yard) -> bool:
        """Note how an evening ended; return whether the water boiled."""
        has_boiled = yard.warmth >= BOIL
        self.kept["cones"] += yard.cones
        self.kept["tries"] += 1
        if has_boiled:
            self.kept["evening"] += 1
            self.game.achieve("first-boil")
            self.game.achieve("season", self.kept["evening"])
            if yard.drops == 0:
                self.game.achieve("dry")
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps(self.kept), "utf-8")
        part.replace(self.file)
        self.game.set_stats(cones=self.kept["cones"], evenings=self.kept["evening"])
        self.game.add_rate("cones-an-hour", yard.cones, max(1.0, yard.tick * TICK_MS / 1_000))
        return has_boiled


def draw(screen: "curses.window", season: Season, yard: Yard, words: dict[str, str]) -> None:
    """Draw the yard."""
    screen.erase()
    name = yard.evening.en if season.game.language == "en" else yard.evening.ru
    screen.addstr(0, 1, f"{words['title']} · {name}"[: WIDTH + 6], curses.A_BOLD)
    bar = "█" * (yard.warmth * 20 // BOIL)
    screen.addstr(1, 1, f"♨ {bar:░<20} {'♥' * yard.lives:<{LIVES}}", curses.color_pair(1))
    for thing in yard.things:
        colour = {CONE: 1, DROP: 2, HONEY: 3}[thing.kind]
        screen.addstr(2 + thing.y, thing.x, SIGNS[thing.kind], curses.color_pair(colour))
    screen.addstr(2 + HEIGHT - 1, yard.x - 1, "▟█▙", curses.color_pair(3) | curses.A_BOLD)
    screen.addstr(2 + HEIGHT, 0, "▔" * WIDTH, curses.color_pair(1))
    screen.refresh()


def play(screen: "curses.window", season: Season) -> None:
    """Play in the terminal."""
    words = WORDS.get(season.game.language, WORDS["ru"])
    curses.curs_set(0)
    curses.start_color()
    curses.use_default_colors()
    for number, colour in ((1, curses.COLOR_RED), (2, curses.COLOR_CYAN), (3, curses.COLOR_YELLOW)):
        curses.init_pair(number, colour, -1)
    if screen.getmaxyx() < (HEIGHT + 4, WIDTH + 8):
        _wait(screen, words["small"])
        return
    _wait(screen, words["how"])
    while not season.is_over:
        yard = season.yard()
        screen.timeout(TICK_MS)
        while not yard.is_over:
            key = screen.getch()
            if key in {ord("q"), ord("й")}:
                return
            yard.step({curses.KEY_LEFT: -1, curses.KEY_RIGHT: 1}.get(key, 0))
            draw(screen, season, yard, words)
        _wait(screen, words["won"] if season.over(yard) else words["lost"])
    _wait(screen, words["all"])


def _wait(screen: "curses.window", said: str) -> None:
    screen.timeout(-1)
    screen.addstr(2 + HEIGHT + 1, 0, said[: screen.getmaxyx()[1] - 1])
    screen.getch()


def play_alone(season: Season, tries: int) -> None:
    """Play by itself, so many evenings at the most."""
    for _ in range(tries):
        if season.is_over:
            break
        yard = season.yard()
        while not yard.is_over and yard.tick < TICKS_MAX:
            yard.step(bot(yard))
        season.over(yard)
    print(json.dumps(season.kept | {"evenings": len(season.evenings)}))


if __name__ == "__main__":
    started = Season(Game.from_environment())
    if sys.argv[1:2] == ["--headless"]:
        play_alone(started, int(sys.argv[2]))
    else:
        curses.wrapper(play, started)
