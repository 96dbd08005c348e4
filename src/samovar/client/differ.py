"""How Flet finds what changed on a screen, for a process that serves hundreds: it looks at what is set, and leaves nothing behind.

Flet 1.0.5 walks all declared fields of every new and every dropped control, some sixty each, where five or six are set: three quarters of
what a click costs. And what a difference was made of refers to itself, so that each dropped screen waits for the garbage collector. See
ADR 0187.
"""

import dataclasses
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from flet.controls import object_patch
from flet.controls.object_patch import DiffBuilder


class SparseDiff(DiffBuilder):
    """A difference between two trees of controls: the one that Flet makes, sooner."""

    _gone: list[Any] | None = None

    def get_added_controls(self) -> Iterator[Any]:
        """Yield what came, once it is known what went: a component that moves is drawn anew here, and its former parts are forgotten.

        Flet asks the other way round. It then takes the new parts of such a component for gone: nothing in them begins to load.
        """
        self._gone = list(super().get_removed_controls())
        yield from super().get_added_controls()

    def get_removed_controls(self) -> Iterator[Any]:
        """Yield what went."""
        yield from super().get_removed_controls() if self._gone is None else self._gone

    def _configure_dataclass(
        self,
        item: Any,
        parent: Any,
        frozen: Any,
        configure_setattr_only: Any = False,  # noqa: FBT002  As Flet calls it.
    ) -> Iterator[Any]:
        if configure_setattr_only or _fields(item.__class__) is None:
            yield from super()._configure_dataclass(item, parent, frozen, configure_setattr_only)
            return
        yield from super()._configure_dataclass(item, parent, frozen, configure_setattr_only=True)
        frozen = getattr(item, "_frozen", frozen)
        if isinstance(item, self.control_cls or ()):
            item.build()
            item._before_update_safe()  # noqa: SLF001  A control is drawn so by Flet alone.
            object.__setattr__(item, "_initialized", True)
            parent = item
        elif parent is None and (known := getattr(item, "_parent", None)):
            parent = known()
        for value in _held(item):
            yield from self._configure_dataclass(value, parent, frozen)
        if not frozen:
            vars(item)["_dirty"].clear()

    def _removed_controls(self, item: Any, recurse: Any) -> Iterator[Any]:
        is_new = recurse and not hasattr(item, "__prev_lists")
        if not (is_new and isinstance(item, self.control_cls or ()) and _fields(item.__class__)):
            yield from super()._removed_controls(item, recurse)
            return
        for value in _held(item):
            yield from self._removed_controls(value, recurse)
        yield item

    def teardown(self) -> None:
        """Let go of both trees: each operation knows its neighbours, and they know it."""
        root = node = self._DiffBuilder__root  # type: ignore[attr-defined]
        while (following := node[1]) is not root:
            node[1] = None
            node = following
        self._gone = None
        super().teardown()
        root.clear()


def install() -> None:
    """Let all sessions of this process find differences so."""
    object_patch.DiffBuilder = SparseDiff  # type: ignore[misc]


class _Fields(NamedTuple):
    """The fields of objects that know which of them are set.

    Attributes:
        order: The place of each.
        always: Those that hold something even where nobody set them.
    """

    order: dict[str, int]
    always: tuple[str, ...]


@cache
def _fields(kind: Any) -> _Fields | None:
    known = vars(kind)
    if "_structural_fields" not in known:
        return None
    defaults = known["_prop_defaults"].items()
    return _Fields(
        {field.name: place for place, field in enumerate(dataclasses.fields(kind))},
        (
            *known["_structural_fields"],
            *(name for name, value in defaults if _can_hold(value.__class__)),
        ),
    )


@cache
def _can_hold(kind: Any) -> bool:
    return issubclass(kind, list | dict) or dataclasses.is_dataclass(kind)


def _held(item: Any) -> list[Any]:
    """Return the lists, dictionaries and objects in an object, in the order of its fields."""
    fields = _fields(item.__class__)
    if fields is None:
        return []
    order = fields.order
    held = {order[name]: value for name, value in vars(item)["_values"].items() if _can_hold(value.__class__)}
    for name in fields.always:
        if _can_hold((value := getattr(item, name)).__class__):
            held[order[name]] = value
    return [held[place] for place in sorted(held)]
