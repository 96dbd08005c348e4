"""Rules about what stands in the code of the product."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import Finding, Source, called, docstring_nodes, file_rule, qualified_names

# Written in pieces, so that this file passes its own rule.
UNFINISHED = re.compile(
    r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK", r"raise\s+NotImplemented" + "Error"))
    + r")\b|(?i:\bfor " + r"now\b|\bnot " + r"implemented\b)"
)  # fmt: skip
SQL = re.compile(
    r"\s*(?:SELECT\s|INSERT\s+INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|WITH\s+\w+\s+AS\s|TRUNCATE\s|MERGE\s+INTO\s"
    r"|(?:CREATE|ALTER|DROP)\s+(?:TABLE|INDEX|DATABASE|ROLE|SCHEMA|VIEW)\s)"
)
QUERIES = {"fetch", "fetch_one", "fetch_value", "execute"}
MONEY = re.compile(r"(?:^|_)(?:amount|price|balance|minor|kopecks|fee|vat|payout|revenue)(?:_|$)")
INEXACT_COLUMN = re.compile(
    r"(?i)\b\w*(?:amount|price|balance|minor|kopecks|fee|payout|revenue)\w*\s+(?:real|float\w*|double|numeric|decimal|money)\b"
)
SUBJECT = re.compile(r"(?P<service>[a-z_]+)\.v\d+\.(?P<event>[a-z0-9_]+)")
PAST = re.compile(
    r"ed$|^(?:begun|bought|built|cut|drawn|found|given|gone|held|hidden|kept|left|lost|made|met|opened|paid|put|read|run"
    r"|seen|sent|set|shown|sold|spent|split|taken|won|withdrawn|written)$"
)
TIME_AND_CHANCE = re.compile(
    r"datetime\.(?:datetime\.(?:now|utcnow|today)|date\.today)$|time\.(?:time|monotonic|perf_counter)(?:_ns)?$"
    r"|uuid\.uuid[124678]|random\.|secrets\.(?:token_|choice|randbelow|randbits)|os\.urandom$"
    r"|samovar\.kit\.(?:ids\.new_id|clock\.SystemClock)$"
)


@file_rule("src/*.py", "src/*.sql", "src/*.proto", "src/*.toml", "tests/*.py", "benchmarks/*.py", "deploy/*")
def nothing_is_unfinished(source: Source) -> Iterator[Finding]:
    """A mark of unfinished work outlives the one who left it: finish it, or leave it out and say so."""
    for line, match in source.matches(UNFINISHED.pattern):
        yield source.finding(line, f"«{match.group()}» marks unfinished work")


@file_rule("src/samovar/services/*.py")
def sql_lives_in_repositories(source: Source) -> Iterator[Finding]:
    """Whoever tunes the database reads one file a service, not the whole service."""
    if source.name == "repository":
        return
    docstrings = docstring_nodes(source)
    for node in source.nodes:
        text = node.value if isinstance(node, ast.Constant) and node not in docstrings else None
        if isinstance(text, str) and SQL.match(text):
            yield source.finding(node, "SQL belongs in repository.py")


@file_rule("src/samovar/services/*.py")
def no_query_in_a_loop(source: Source) -> Iterator[Finding]:
    """One query with an array instead of N: a loop turns a page of a hundred rows into a hundred round trips."""
    loops = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    if source.name == "repository":
        for loop in (node for node in source.nodes if isinstance(node, loops)):
            for node in ast.walk(loop):
                if isinstance(node, ast.Await) and isinstance(node.value, ast.Call):
                    query = node.value.func
                    if isinstance(query, ast.Attribute) and query.attr in QUERIES:
                        yield source.finding(node, f"{query.attr} inside a loop")


@file_rule("src/*.py")
def money_is_whole_in_code(source: Source) -> Iterator[Finding]:
    """Kopecks are counted, never approximated: 0.1 + 0.2 is not 0.3."""
    for node in source.nodes:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name, kind = node.target.id, node.annotation
        elif isinstance(node, ast.arg) and node.annotation:
            name, kind = node.arg, node.annotation
        else:
            continue
        inexact = any(
            isinstance(part, ast.Name) and part.id in {"float", "Decimal"} for part in ast.walk(kind)
        )
        if MONEY.search(name) and inexact:
            yield source.finding(node, f"{name} is money: whole minor units")


@file_rule("src/*.sql")
def money_is_whole_in_tables(source: Source) -> Iterator[Finding]:
    """As in code: bigint of minor units."""
    for line, match in source.matches(INEXACT_COLUMN.pattern):
        yield source.finding(line, f"«{match.group()}»: money is a bigint of minor units")


@file_rule("src/*.py")
def a_setting_is_described(source: Source) -> Iterator[Finding]:
    """The reference page docs/settings.md is made of these descriptions; an operator has nothing else."""
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and any(
            ast.unparse(base).endswith("Settings") for base in node.bases
        ):
            for field in node.body:
                if isinstance(field, ast.AnnAssign) and not _described(field.annotation):
                    yield source.finding(field, f"{ast.unparse(field.target)} has no Meta(description=…)")


@file_rule("src/*.py")
def a_pattern_ends_where_the_text_does(source: Source) -> Iterator[Finding]:
    """In Python `$` also stands before a line break at the end: a name with one would pass. The document of the API says `$`."""
    for node in source.nodes:
        if isinstance(node, ast.keyword) and node.arg == "pattern" and isinstance(node.value, ast.Constant):
            pattern = str(node.value.value)
            if pattern.endswith("$") and not pattern.endswith(r"\$"):
                yield source.finding(node.value, r"end the pattern with \Z")


def _described(annotation: ast.expr) -> bool:
    return any(
        isinstance(node, ast.keyword) and node.arg == "description" for node in ast.walk(annotation)
    ) or ast.unparse(annotation).startswith("ClassVar")


@file_rule("src/samovar/services/*.py")
def an_event_tells_what_happened(source: Source) -> Iterator[Finding]:
    """A subject is the owner, the version and the class's own name in the past tense, so that any one gives the others."""
    service = source.path.split("/")[3]
    for node in source.nodes:
        subject = _subject(node)
        if not isinstance(node, ast.ClassDef) or subject is None:
            continue
        words = [word.lower() for word in re.findall(r"[A-Z][a-z0-9]*", node.name)]
        expected = f"{service}.v*.{'_'.join(words)}"
        match = SUBJECT.fullmatch(subject)
        if not match or match["service"] != service or match["event"] != "_".join(words):
            yield source.finding(node, f"{node.name} has the subject {subject}, not {expected}")
        if not any(PAST.search(word) for word in words):
            yield source.finding(node, f"{node.name} is not in the past tense")
        if not re.search(r"/contract/(?:[a-z]+_)?events\.py$", source.path):
            yield source.finding(node, f"{node.name} belongs in contract/events.py: others may need it")


def _subject(node: ast.AST) -> str | None:
    for keyword in node.keywords if isinstance(node, ast.ClassDef) else ():
        if keyword.arg == "subject" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return None


@file_rule("src/samovar/services/*.py")
def rules_read_no_clock_and_no_chance(source: Source) -> Iterator[Finding]:
    """Time, ids and randomness come in as arguments; otherwise a test cannot hold them still."""
    if source.name in {"domain", "use_cases"}:
        names = qualified_names(source)
        for node in source.nodes:
            if isinstance(node, ast.Call) and TIME_AND_CHANCE.match(called(node, names)):
                yield source.finding(node, f"{called(node, names)} is read here; take it as an argument")
