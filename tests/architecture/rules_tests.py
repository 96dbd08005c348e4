"""Rules about tests, so that a green run means something."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import Checkout, Finding, Source, called, file_rule, qualified_names, rule

CHECKS = re.compile(
    r"(?:^|\.)(?:assert|check|expect|validate|call_and_validate)\w*$|^pytest\.(?:raises|warns|fail)$|^asyncio\.timeout$"
)
CLOCKS = re.compile(r"(?:^|\.)(?:monotonic|perf_counter|time|process_time)(?:_ns)?$")
ASIDE = {"pytest.mark.skip", "pytest.mark.xfail", "pytest.xfail", "pytest.importorskip"}
TARGET_BY_PATH = 2
LOOPS = (ast.For, ast.AsyncFor, ast.While)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _tests(source: Source) -> Iterator[Function]:
    for node in source.nodes:
        if isinstance(node, Function) and node.name.startswith("test_"):
            yield node


@rule
def a_test_asserts(checkout: Checkout) -> Iterator[Finding]:
    """A test that cannot fail only shows that nothing was raised, and hides that nobody looked. A helper may look for it."""
    functions = [
        (source, qualified_names(source), node)
        for source in checkout.matching("tests/*.py")
        for node in source.nodes
        if isinstance(node, Function)
    ]
    asserting: set[str] = set()
    while (
        found := {node.name for _, names, node in functions if _asserts(node, names, asserting)} - asserting
    ):
        asserting |= found
    for source, names, node in functions:
        if node.name.startswith("test_") and not _asserts(node, names, asserting):
            yield source.finding(node, f"{node.name} asserts nothing")


def _asserts(function: Function, names: dict[str, str], asserting: set[str]) -> bool:
    """Whether it asserts itself, or calls something that does."""
    calls = [called(node, names) for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(isinstance(node, ast.Assert) for node in ast.walk(function)) or any(
        CHECKS.search(name) or name.rpartition(".")[2] in asserting for name in calls
    )


@file_rule("tests/*.py")
def a_test_does_not_judge_time(source: Source) -> Iterator[Finding]:
    """A busy machine is not a defect. Speed is printed by benchmarks; a test may only give up waiting in a loop."""
    names = qualified_names(source)
    waiting = {id(node) for loop in source.nodes if isinstance(loop, ast.While) for node in ast.walk(loop)}
    for function in (node for node in source.nodes if isinstance(node, Function)):
        measured = {
            name.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and _reads_clock(node.value, names)
            for target in node.targets
            for name in ast.walk(target)
            if isinstance(name, ast.Name)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Assert) and id(node) not in waiting:
                used = {name.id for name in ast.walk(node.test) if isinstance(name, ast.Name)}
                if used & measured or _reads_clock(node.test, names):
                    yield source.finding(node, f"{function.name} asserts how long something took")


def _reads_clock(expression: ast.expr, names: dict[str, str]) -> bool:
    return any(
        isinstance(node, ast.Call) and not node.args and CLOCKS.search(called(node, names))
        for node in ast.walk(expression)
    )


@file_rule("tests/*.py")
def a_test_does_not_sleep_and_hope(source: Source) -> Iterator[Finding]:
    """A pause is too short on a busy machine and too long on every other: poll for the state, with a deadline."""
    names = qualified_names(source)
    for test in _tests(source):
        for node in _own_nodes(test):
            sleeps = isinstance(node, ast.Call) and called(node, names) in {"asyncio.sleep", "time.sleep"}
            if sleeps and not ast.unparse(node).endswith("sleep(0)"):
                yield source.finding(node, f"{test.name} sleeps instead of polling")


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a function does itself: not in its loops (that is polling), not in functions it defines."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (*LOOPS, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            yield child
            yield from _own_nodes(child)


@file_rule("tests/*.py")
def a_test_mocks_nothing(source: Source) -> Iterator[Finding]:
    """A mock agrees with whoever wrote it. Real servers stand at the edge, small fakes inside; a limit may be lowered."""
    names = qualified_names(source)
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom | ast.Import) and "unittest.mock" in ast.unparse(node):
            yield source.finding(node, "a mock")
        elif isinstance(node, ast.Call) and called(node, names) == "monkeypatch.setattr":
            name = node.args[1] if len(node.args) > TARGET_BY_PATH else node.args[0]
            replaced = str(name.value) if isinstance(name, ast.Constant) else ""
            if replaced and not re.search(r"(?:^|\.)_?[A-Z][A-Z0-9_]*$", replaced):
                yield source.finding(node, f"{replaced} is replaced under the test")


@file_rule("tests/*.py")
def a_test_runs(source: Source) -> Iterator[Finding]:
    """A test that is put aside stays aside. Only what a machine cannot have may be skipped, on a condition that says so."""
    conditional = {
        id(node) for branch in source.nodes if isinstance(branch, ast.If) for node in ast.walk(branch)
    }
    for node in source.nodes:
        if isinstance(node, ast.Attribute):
            name = ast.unparse(node)
            if name in ASIDE or (name == "pytest.skip" and id(node) not in conditional):
                yield source.finding(node, f"{name} puts a test aside")
