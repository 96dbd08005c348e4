"""Handlers get what they need by parameter name, checked once at start."""

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any


class MissingDependency(LookupError):
    """A function asks for a name that nobody provides. Raised at start and meant for the developer."""


def bind(
    function: Callable[..., Any], provides: Mapping[str, object], *, given: Collection[str] = ()
) -> Callable[..., Any]:
    """Fill the parameters of `function` from `provides`; those in `given` are left for each call.

        handle = bind(handler, built, given=("event", "tx", "delivery"))
        await handle(event=event, tx=tx, delivery=delivery)

    A call passes every name in `given`; the function receives those that it asks for. A parameter with a default that
    nobody provides keeps it.

    Raises:
        MissingDependency: Nobody provides one of the parameters; the message names the function and the parameter.
    """
    fixed: dict[str, object] = {}
    wanted: list[str] = []
    for name, parameter in inspect.signature(function).parameters.items():
        if name in given:
            wanted.append(name)
        elif name in provides:
            fixed[name] = provides[name]
        elif parameter.default is parameter.empty:
            names = ", ".join(sorted({*given, *provides}))
            raise MissingDependency(
                f"{function.__module__}.{function.__qualname__} asks for {name!r}, which nobody provides; "
                f"there are: {names}"
            )

    def call(**values: object) -> Any:
        return function(**fixed, **{name: values[name] for name in wanted})

    return call
