"""The checkout as the tidy rules see it: each tracked file, read once, parsed when a rule asks."""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

GENERATED = re.compile(r"_pb2(_grpc)?\.pyi?$")


class Finding(NamedTuple):
    """A place that breaks a rule."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class Source:
    """One file."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        self.content = content

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return PurePosixPath(self.path).stem

    @property
    def folder(self) -> str:
        """The folder it lies in."""
        return str(PurePosixPath(self.path).parent)

    @cached_property
    def text(self) -> str:
        """The text; empty for a binary file."""
        try:
            return self.content.decode()
        except UnicodeDecodeError:
            return ""

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed module."""
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the module."""
        return tuple(ast.walk(self.tree))

    def finding(self, line: int | ast.AST, message: str) -> Finding:
        """Say that this file breaks a rule at a line or a node."""
        return Finding(self.path, line if isinstance(line, int) else getattr(line, "lineno", 1), message)

    def matches(self, pattern: str) -> Iterator[tuple[int, re.Match[str]]]:
        """Yield each match of a regular expression with the number of its line."""
        for match in re.finditer(pattern, self.text):
            yield self.text.count("\n", 0, match.start()) + 1, match


class Checkout:
    """All files, by their path from the top."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.files = {path: Source(path, content) for path, content in sorted(contents.items())}

    @classmethod
    def read(cls, top: Path) -> "Checkout":
        """Read what git tracks or would track. The checkout may belong to another user."""
        git = ["git", "-c", "safe.directory=*", "-C", str(top)]
        listed = subprocess.run(
            [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            check=True,
            capture_output=True,
        )
        paths = [path for path in listed.stdout.decode().split("\0") if path and (top / path).is_file()]
        return cls({path: (top / path).read_bytes() for path in paths})

    def matching(self, *patterns: str) -> Iterator[Source]:
        """Yield the hand-written files whose path matches one of the patterns; `*` also crosses folders."""
        for path, source in self.files.items():
            if any(fnmatch(path, pattern) for pattern in patterns) and not GENERATED.search(path):
                yield source


Rule = Callable[[Checkout], Iterator[Finding]]
RULES: dict[str, Rule] = {}


def rule(check: Rule) -> Rule:
    """Register a rule over the whole checkout. Its docstring says why it exists."""
    RULES[check.__name__] = check
    return check


def file_rule(*patterns: str) -> Callable[[Callable[[Source], Iterator[Finding]]], Rule]:
    """Register a rule that looks at one file at a time, at those whose path matches."""

    def register(check: Callable[[Source], Iterator[Finding]]) -> Rule:
        def over_all(checkout: Checkout) -> Iterator[Finding]:
            for source in checkout.matching(*patterns):
                yield from check(source)

        over_all.__name__, over_all.__doc__ = check.__name__, check.__doc__
        return rule(over_all)

    return register


def qualified_names(source: Source) -> dict[str, str]:
    """Return what each imported name of a module stands for: `{"now": "samovar.kit.clock.now"}`."""
    names: dict[str, str] = {}
    for node in source.nodes:
        if isinstance(node, ast.Import):
            names.update({alias.asname or alias.name: alias.name for alias in node.names})
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return names


def called(call: ast.Call, names: Mapping[str, str]) -> str:
    """Return the dotted name that a call calls, with imported names spelled out; empty where it has none."""
    parts: list[str] = []
    node: ast.expr = call.func
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ".".join(["", *reversed(parts)])
    return ".".join([names.get(node.id, node.id), *reversed(parts)])


def docstring_nodes(source: Source) -> set[ast.AST]:
    """Return the constants of a module that are docstrings, so that rules about strings may pass them by."""
    found: set[ast.AST] = set()
    for node in source.nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(node.value)
    return found
