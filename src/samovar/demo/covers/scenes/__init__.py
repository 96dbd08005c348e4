"""The families of pictures, each a world of its own, by name."""

from collections.abc import Callable

from samovar.demo.covers.canvas import Canvas
from samovar.demo.covers.scenes.boards import cards, hexes, paper, puzzle
from samovar.demo.covers.scenes.heights import skies, space, storm
from samovar.demo.covers.scenes.nature import dunes, fields, forest, mountains, snow
from samovar.demo.covers.scenes.rooms import room, stagelight
from samovar.demo.covers.scenes.towns import city, isometric, works
from samovar.demo.covers.scenes.toys import orbs, pixels
from samovar.demo.covers.scenes.waters import abyss, sea
from samovar.demo.covers.scenes.ways import arena, dungeon, road

Scene = Callable[[Canvas, str | None], None]
SCENES: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (
        *(mountains, forest, fields, snow, dunes, sea, abyss, space, skies, storm, city, isometric, works),
        *(road, arena, dungeon, hexes, cards, puzzle, paper, pixels, orbs, room, stagelight),
    )
}
