"""Our own games, built and started as a player's machine does: each can be won, keeps its save, and grows by an update."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from samovar.demo import sources
from samovar.demo.covers.studio import FRAMES, draw
from samovar.demo.games.building import SLUGS, build, page_of
from samovar.demo.games.embers.yard import LIVES, Yard, bot, evenings
from samovar.demo.games.last_samovar.story import FIRST, open_choices, read
from samovar.demo.games.tea_line.pipes import is_poured, levels_in, solve, turned
from samovar.sdk.launcher.description import choose, command
from samovar.sdk.launcher.description import read as read_description
from samovar.services.catalog.editing.domain import TAGS_NEEDED


def _run(folder: Path, words: list[str], saves: Path, *, typed: str = "", language: str = "ru") -> str:
    """Start a built game with Python alone: nothing of ours is importable but what the build carries."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "SAMOVAR_SAVES": str(saves),
        "SAMOVAR_LANGUAGE": language,
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        [sys.executable, "-S", *words[1:]],
        cwd=folder,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def _headless(folder: Path, saves: Path) -> dict[str, Any]:
    option = choose(read_description(folder), "headless")
    said: dict[str, Any] = json.loads(_run(folder, command(option, folder), saves))
    return said


@pytest.mark.parametrize("slug", SLUGS)
def test_a_build_plays_by_itself_and_goes_on_where_it_was(slug: str, tmp_path: Path) -> None:
    folder, saves = tmp_path / "build", tmp_path / "saves"
    build(slug, folder)
    first = _headless(folder, saves)
    (save,) = saves.iterdir()
    kept = json.loads(save.read_text())
    again = _headless(folder, saves)
    assert first
    assert again
    # What was counted stays counted.
    for name in ("level", "glasses", "cones"):
        assert json.loads(save.read_text()).get(name, 0) >= kept.get(name, 0)


@pytest.mark.parametrize("slug", SLUGS)
def test_an_update_brings_a_file_and_leaves_the_rest_to_the_byte(slug: str, tmp_path: Path) -> None:
    old = {file.relative_to(tmp_path / "1"): file.read_bytes() for file in build(slug, tmp_path / "1")}
    new = {
        file.relative_to(tmp_path / "2"): file.read_bytes() for file in build(slug, tmp_path / "2", version=2)
    }
    assert {path.name for path in new.keys() - old.keys()} == set(page_of(slug).later)
    assert [path.name for path in old if new[path] != old[path]] == ["VERSION"]
    # A build in the place of another one is the build and nothing else.
    build(slug, tmp_path / "2", version=1)
    assert not any((tmp_path / "2" / SLUGS[slug] / name).exists() for name in page_of(slug).later)


def test_an_update_goes_on_with_the_save_of_before(tmp_path: Path) -> None:
    folder, saves = tmp_path / "build", tmp_path / "saves"
    build("tea-line", folder)
    assert _headless(folder, saves)["level"] == 8
    build("tea-line", folder, version=2)
    assert _headless(folder, saves)["level"] == 12


@pytest.mark.parametrize("slug", SLUGS)
def test_a_spoilt_save_is_put_aside_and_the_game_begins_anew(slug: str, tmp_path: Path) -> None:
    folder, saves = tmp_path / "build", tmp_path / "saves"
    build(slug, folder)
    _headless(folder, saves)
    (save,) = saves.iterdir()
    save.write_text("{torn")
    assert _headless(folder, saves)
    assert save.with_suffix(".spoilt").read_text() == "{torn"


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_says_all_in_both_languages_and_its_cover_can_be_drawn(slug: str) -> None:
    page = page_of(slug)
    said = [page.title, page.short, page.text]
    assert all(words.ru and words.en and words.ru != words.en for words in said)
    terms = sources.read().terms
    assert {*page.genres} <= terms["genre"].keys()
    assert {*page.tags} <= terms["tag"].keys()
    assert len(page.tags) >= TAGS_NEEDED
    keys = [one["key"] for one in page.achievements]
    assert len(keys) == len(set(keys)) > 0
    assert all(one["title"]["ru"] and one["title"]["en"] for one in (*page.achievements, *page.stats))
    assert draw(slug, page.title.ru, page.art, FRAMES[0])[8:12] == b"WEBP"


def test_a_player_turns_pipes_by_hand(tmp_path: Path) -> None:
    build("tea-line", tmp_path / "build")
    level = next(levels_in((tmp_path / "build" / "tea_line" / "levels.txt").read_text("utf-8")))
    turns = solve(level.mixed(0), level.row)
    assert turns
    typed = "nonsense\nzz9\n" + "".join(f"{chr(97 + x)}{y + 1}\n" * times for (x, y), times in turns) + "й\n"
    words = ["python3", "-m", "tea_line"]
    said = _run(tmp_path / "build", words, tmp_path / "saves", typed=typed)
    assert "Все чашки полны, ни капли мимо!" in said
    assert said.count("Такой трубы нет.") == 2
    again = _run(tmp_path / "build", words, tmp_path / "saves", typed="q\n", language="en")
    assert "2 of 8: Two at the Table" in again


def test_a_player_reads_the_story_in_both_languages(tmp_path: Path) -> None:
    build("last-samovar", tmp_path / "build")
    words = ["python3", "-m", "last_samovar"]
    said = _run(tmp_path / "build", words, tmp_path / "saves", typed="1\n99\nq\n")
    assert "Ночной поезд встал в поле" in said
    assert "Поезд постоит." in said
    later = _run(tmp_path / "build", words, tmp_path / "saves", typed="", language="en")
    assert "The corridor." in later


def test_every_level_can_be_poured() -> None:
    folder = Path(page_of.__code__.co_filename).parent / "tea_line"
    levels = [
        one for file in sorted(folder.glob("levels*.txt")) for one in levels_in(file.read_text("utf-8"))
    ]
    assert len(levels) == 12
    for number, level in enumerate(levels):
        assert is_poured(level.pipes, level.row), level.en
        pipes = level.mixed(number)
        assert not is_poured(pipes, level.row), level.en
        for cell, times in solve(pipes, level.row) or []:
            pipes[cell] = turned(pipes[cell], times)
        assert is_poured(pipes, level.row), level.en


def test_every_scene_is_reached_and_leads_to_an_end() -> None:
    scenes = read()
    seen: set[tuple[str, frozenset[str]]] = set()
    ahead = [(FIRST, frozenset[str]())]
    while ahead:
        place = ahead.pop()
        if place in seen:
            continue
        seen.add(place)
        scene, has = place
        choices = open_choices(scenes[scene], set(has))
        # Whoever stands somewhere can go on, unless it is an end.
        assert choices or not scenes[scene].choices, place
        ahead += [(one.to, has | set(one.gives)) for one in choices]
    assert {scene for scene, _ in seen} == set(scenes)
    awarded = {one.achieves for scene in scenes.values() for one in scene.choices if one.achieves}
    ends = {f"end-{key}" for key, scene in scenes.items() if not scene.choices}
    assert awarded | ends | {"three-nights"} == {one["key"] for one in page_of("last-samovar").achievements}


def test_every_evening_can_be_won_and_can_be_lost() -> None:
    for evening in evenings():
        careful = Yard(evening, "1")
        while not careful.is_over and careful.tick < 6_000:
            careful.step(bot(careful))
        assert careful.warmth >= 100, evening.en
    wet = Yard(evenings()[-1], "1")
    while not wet.is_over and wet.tick < 6_000:
        drops = [one for one in wet.things if one.kind == "drop"]
        goal = max(drops, key=lambda one: one.y).x if drops else wet.x
        wet.step((goal > wet.x) - (goal < wet.x))
    assert (wet.lives, wet.drops >= LIVES) == (0, True)
