"""The published plan, taken by a client that has the old build and the objects and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from samovar.content.format.errors import Tampered
from samovar.content.format.plan import Build, Copy, Patch, read_plan
from tests.content.format.client import Client
from tests.content.format.material import noise, tree_of

VECTOR: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors/plan.json").read_text())
OBJECTS = {key: bytes.fromhex(data) for key, data in VECTOR["objects"].items()}
OLD, NEW = (
    {
        path: b"".join(
            noise(piece["seed"], piece["size"]) if "seed" in piece else bytes.fromhex(piece["hex"])
            for piece in pieces
        )
        for path, pieces in VECTOR[side].items()
    }
    for side in ("old", "new")
)


def test_the_published_plan_makes_the_new_build() -> None:
    client = Client(OLD, tree_of(OLD), lambda key, offset, length: OBJECTS[key][offset : offset + length])
    plan, _ = read_plan(bytes.fromhex(VECTOR["plan"]), tree_of(OLD))
    assert client.take(bytes.fromhex(VECTOR["plan"])) == NEW
    assert {type(step) for step in plan.steps} == {Copy, Build, Patch}
    assert client.peak == plan.peak == VECTOR["peak"]


def test_the_published_plan_with_another_object_is_refused() -> None:
    def read(key: str, offset: int, length: int) -> bytes:
        data = OBJECTS[key][offset : offset + length]
        return data[:-1] + bytes([data[-1] ^ 1])

    with pytest.raises(Tampered):
        Client(OLD, tree_of(OLD), read).take(bytes.fromhex(VECTOR["plan"]))
