"""Rules about size and place, so that a newcomer finds things by guessing."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.architecture.sources import Checkout, Finding, Source, file_rule, qualified_names, rule

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
FOLDER_MODULES_MAX = 12
KIT_MODULES_MAX = 30
PUBLIC_METHODS_MAX = 10
KIT_USERS_MIN = 2
EMPTY_NAMES = {"utils", "helpers", "common", "base", "core", "shared", "misc", "mixins", "tools"}
FRONT = ("app.py", "README.md")
VOCABULARY = {
    *("__init__", "app", "settings", "errors"),
    *("api", "rpc", "consumers", "jobs", "commands"),
    *("use_cases", "repository", "adapters", "domain", "schemas"),
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@file_rule("src/*.py", "tests/*.py", "benchmarks/*.py")
def a_file_is_short(source: Source) -> Iterator[Finding]:
    """A longer file holds two things; divide it by capability before the second one grows roots."""
    lines = source.text.count("\n")
    if lines > FILE_LINES_MAX:
        yield source.finding(FILE_LINES_MAX, f"{lines} lines, at most {FILE_LINES_MAX}")


@file_rule("src/*.py", "tests/*.py", "benchmarks/*.py")
def a_function_is_short(source: Source) -> Iterator[Finding]:
    """A function that needs sections is several functions. Its docstring is not counted."""
    for node in source.nodes:
        if isinstance(node, Function):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            lines = first.lineno - node.body[0].lineno
            lines = (node.end_lineno or node.lineno) - node.lineno + 1 - lines
            if lines > FUNCTION_LINES_MAX:
                yield source.finding(node, f"{node.name}: {lines} lines, at most {FUNCTION_LINES_MAX}")


@rule
def a_folder_is_small(checkout: Checkout) -> Iterator[Finding]:
    """A folder that does not fit the eye becomes rooms."""
    folders: dict[str, list[Source]] = defaultdict(list)
    for source in checkout.matching("src/*.py"):
        if source.name != "__init__":
            folders[source.folder].append(source)
    for folder, sources in folders.items():
        most = KIT_MODULES_MAX if folder == "src/samovar/kit" else FOLDER_MODULES_MAX
        if len(sources) > most:
            yield sources[-1].finding(1, f"{folder} holds {len(sources)} modules, at most {most}")


@file_rule("src/*.py")
def a_class_is_small(source: Source) -> Iterator[Finding]:
    """A class with more doors than these has two reasons to change."""
    for node in source.nodes:
        if isinstance(node, ast.ClassDef):
            methods = {item.name for item in node.body if isinstance(item, Function)}
            public = sum(not name.startswith("_") for name in methods)
            if public > PUBLIC_METHODS_MAX:
                yield source.finding(
                    node, f"{node.name}: {public} public methods, at most {PUBLIC_METHODS_MAX}"
                )


@file_rule("src/*.py", "tests/*.py", "benchmarks/*.py")
def a_name_says_what_is_inside(source: Source) -> Iterator[Finding]:
    """`utils` and its like say nothing, so everything ends up there."""
    for part in PurePosixPath(source.path).with_suffix("").parts:
        if part in EMPTY_NAMES:
            yield source.finding(1, f"`{part}` does not say what is inside")


@rule
def a_package_says_so(checkout: Checkout) -> Iterator[Finding]:
    """Without `__init__.py` import-linter does not see a folder, and no border holds in it."""
    for source in checkout.matching("src/samovar/*.py"):
        if f"{source.folder}/__init__.py" not in checkout.files:
            yield source.finding(1, f"{source.folder} has no __init__.py")


def _services(checkout: Checkout) -> dict[str, list[Source]]:
    services: dict[str, list[Source]] = defaultdict(list)
    for source in checkout.matching("src/samovar/services/*/*"):
        services[source.path.split("/")[3]].append(source)
    return services


@rule
def a_service_has_a_front(checkout: Checkout) -> Iterator[Finding]:
    """Each service is entered the same way: what it declares, what it is for."""
    for service, sources in _services(checkout).items():
        folder = f"src/samovar/services/{service}"
        for name in FRONT:
            if f"{folder}/{name}" not in checkout.files:
                yield sources[0].finding(1, f"{folder} has no {name}")


@rule
def a_service_names_its_specialities(checkout: Checkout) -> Iterator[Finding]:
    """Beside the vocabulary that all services share, a file is named in the README: one line says what it is for."""
    for service, sources in _services(checkout).items():
        folder = f"src/samovar/services/{service}"
        readme = checkout.files.get(f"{folder}/README.md")
        known = VOCABULARY | set(re.findall(r"[a-z_0-9]+", readme.text if readme else ""))
        for source in sources:
            inside = PurePosixPath(source.path).relative_to(folder)
            if source.path.endswith(".py") and inside.parts[0] not in {"contract", "migrations", "locale"}:
                for part in {*inside.parts[:-1], inside.stem} - known:
                    known.add(part)
                    yield source.finding(1, f"`{part}` is neither vocabulary nor named in {folder}/README.md")


@rule
def a_kit_module_has_two_users(checkout: Checkout) -> Iterator[Finding]:
    """What one place needs lives in that place; the kit is for what is used again."""
    users: dict[str, set[str]] = defaultdict(set)
    for source in checkout.matching("src/*.py", "tests/*.py", "benchmarks/*.py"):
        for name in qualified_names(source).values():
            if name.startswith("samovar.kit."):
                users[name.split(".")[2]].add(source.path)
    for source in checkout.matching("src/*.py.tmpl"):
        for _, match in source.matches(r"samovar\.kit\.(\w+)"):
            users[match[1]].add(source.path)
    for source in checkout.matching("src/samovar/kit/*.py"):
        if source.folder == "src/samovar/kit" and source.name != "__init__":
            count = len(users[source.name] - {source.path})
            if count < KIT_USERS_MIN:
                yield source.finding(1, f"{source.name} has {count} users, at least {KIT_USERS_MIN}")
