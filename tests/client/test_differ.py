"""The difference of two screens: the very one that Flet makes, with nothing left behind."""

import gc
import random
import weakref
from typing import Any

import flet as ft
import pytest
from flet.controls.base_control import BaseControl
from flet.controls.object_patch import DiffBuilder

from samovar.client.differ import SparseDiff

TREES = 200


@ft.control("Own")  # type: ignore[arg-type]
class Own(ft.Column):
    """A control that makes its children itself, and has a plain field that holds one."""

    head: ft.Text | None = None
    foot: ft.Text | None = None
    named: dict[str, ft.Text] | None = None
    _beside: ft.Text | None = None

    def build(self) -> None:
        """Make the children, the last one first."""
        if not hasattr(self, "_frozen"):
            self.foot = ft.Text("foot")
            self.head = ft.Text("head")
            self.named = {"one": ft.Text("one")}
        self.controls = [ft.Text("built")]
        self._beside = ft.Text("beside")


@ft.control("Redrawn")  # type: ignore[arg-type]
class Redrawn(ft.Column):
    """A control that is drawn anew each time it is looked at, as a component is."""

    turn: int = 0

    def before_update(self) -> None:
        """Draw it."""
        self.turn += 1
        self.controls = [ft.Text(f"turn {self.turn}")]


def tree(rng: random.Random, depth: int = 4) -> Any:
    """Return a screen of some kinds of controls: lists, single children, values with controls in them, keys."""
    key = rng.choice((None, None, f"k{rng.randrange(4)}"))
    below = [tree(rng, depth - 1) for _ in range(rng.randrange(4))] if depth else []
    some = rng.randrange(3)
    label = ft.Text("label")
    padding = ft.Padding.all(some)
    kinds: list[Any] = [
        lambda: ft.Text(str(some), key=key, style=rng.choice((None, ft.TextStyle(size=some)))),
        lambda: ft.Column(below, key=key, spacing=some),
        lambda: ft.Row(below, key=key, expand=rng.choice((None, True))),
        lambda: ft.Container(below[0] if below else None, key=key, padding=rng.choice((None, padding))),
        lambda: ft.TextField(key=key, value=str(some), label=label, on_change=print),
        lambda: ft.Button("press", key=key, style=ft.ButtonStyle(padding={ft.ControlState.HOVERED: padding})),
        lambda: ft.Tabs(ft.TabBar([ft.Tab(label), ft.Tab("two")]), length=2, key=key),
        lambda: Own(key=key),
    ]
    return rng.choice(kinds)()


def difference(
    differ: type[DiffBuilder], before: Any, after: Any, parent: BaseControl, *, frozen: bool
) -> tuple[list[Any], list[Any], list[Any]]:
    """Return the operations, and the controls that came and went, as Flet asks for them."""
    builder = differ({"_b": before}, {"_b": after}, control_cls=BaseControl)
    builder._compare_values(parent, [], None, builder.src_doc, builder.dst_doc, frozen=frozen)
    found = list(builder.execute()), list(builder.get_added_controls()), list(builder.get_removed_controls())
    builder.teardown()
    return found


def story(differ: type[DiffBuilder], seed: int, *, frozen: bool) -> list[Any]:
    """Draw two screens, one after the other, and tell all that Flet gets to know of it."""
    rng = random.Random(seed)
    parent = ft.Column()
    told: list[Any] = []
    numbers: dict[int, int] = {}

    def number(control: Any) -> int:
        return -1 if control is None else numbers.setdefault(control._i, len(numbers))

    before = None
    for _ in range(2):
        after = tree(rng)
        operations, added, removed = difference(differ, before, after, parent, frozen=frozen)
        told.append([(one["op"], one["path"], _plain(one.get("value"), number)) for one in operations])
        told.append(
            [(type(one).__name__, number(one), number(one.parent), hasattr(one, "_frozen")) for one in added]
        )
        told.append([(type(one).__name__, number(one)) for one in removed])
        told.append([sorted(one._dirty) for one in added])
        before = after
    return told


def _plain(value: Any, number: Any) -> Any:
    """Return a value that can be compared with that of another run."""
    if isinstance(value, BaseControl):
        return type(value).__name__, number(value), [_plain(one, number) for one in value._values.values()]
    if isinstance(value, dict):
        return {key: _plain(one, number) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one, number) for one in value]
    return str(type(value)) if callable(value) else repr(value)


@pytest.mark.parametrize("frozen", [True, False])
def test_what_flet_finds_is_found(*, frozen: bool) -> None:
    """Patch, controls that came and went, their parents and what is frozen are those of Flet, over many random screens."""
    for seed in range(TREES):
        assert story(SparseDiff, seed, frozen=frozen) == story(DiffBuilder, seed, frozen=frozen), (
            f"seed {seed}"
        )


def test_what_a_moved_control_draws_anew_came_and_its_former_parts_went() -> None:
    """Flet 1.0.5 takes them both for gone: a component that a wider window moves to another frame would never load anything."""
    parent = ft.Column()
    moved = Redrawn()
    (_, first, _) = difference(SparseDiff, None, ft.Column([moved]), parent, frozen=True)
    former = next(one for one in first if isinstance(one, ft.Text))
    (_, added, removed) = difference(
        SparseDiff, ft.Column([moved]), ft.Row([ft.Container(moved)]), parent, frozen=True
    )
    assert [one.value for one in added if isinstance(one, ft.Text)] == ["turn 2"]
    assert [one._i for one in removed if isinstance(one, ft.Text)] == [former._i]


def test_a_dropped_screen_is_gone_at_once() -> None:
    """Nothing of a difference, nor of the screen before, waits for the garbage collector."""
    parent = ft.Column()
    gc.collect()
    gc.disable()
    try:
        screen: ft.Column | None = ft.Column([ft.Text("a"), ft.Text("b"), ft.Container(ft.Text("c"))])
        following = ft.Column([ft.Row(), ft.Text("d"), ft.Text("e"), ft.Text("f")])
        seen = weakref.ref(screen)
        difference(SparseDiff, None, screen, parent, frozen=True)
        difference(SparseDiff, screen, following, parent, frozen=True)
        screen = None
        assert seen() is None
        assert gc.collect() == 0
    finally:
        gc.enable()
