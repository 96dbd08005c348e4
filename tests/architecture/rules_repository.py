"""Rules about everything that is tracked: words, migrations, documents, what must not be there."""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from posixpath import normpath

from tests.architecture.sources import Checkout, Finding, Source, file_rule, rule

FILE_BYTES_MAX = 1_000_000
ADR_LINES_MAX = 60
ADR_SECTIONS = ("## Context", "## Decision", "## Consequences")
LANGUAGES = ("ru", "en")
MACHINE_PATH = r"(?<![\w.:~-])(?:/(?:work|root|farm|home/\w+|Users/\w+)/|[A-Z]:\\Users\\)"
# Put together from parts, so that this file passes its own rule.
INDEXES = "|".join(
    re.escape(".".join(parts))
    for parts in (
        *(("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"), ("crates", "io")),
        *(("deb", "debian", "org"), ("security", "debian", "org"), ("archive", "ubuntu", "com")),
        ("proxy", "golang", "org"),
    )
)
INDEX = rf"(?:{INDEXES})|--(?:extra-)?index-" + "url|://[^ ]*/simple" + r"/?[\"\s]"
LINK = r"\]\((?!https?:|mailto:)(?P<path>[^)#\s]+)(?:#[^)]*)?\)"
MIGRATION = re.compile(r"\d{4}-\d{2}-\d{2}-\d{4}_[a-z0-9_]+\.sql")
TABLE = r"(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?P<table>[\w.\"]+)"
CREATED = re.compile(rf"(?i)\bCREATE\s+(?:UNLOGGED\s+)?TABLE\s+{TABLE}")
BLOCKING_INDEX = re.compile(
    r"(?i)\bCREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY\b)(?:IF\s+NOT\s+EXISTS\s+)?\w*\s*\bON\s+(?:ONLY\s+)?"
    r"(?P<table>[\w.\"]+)"
)
BREAKING = re.compile(
    r"(?i)\bRENAME\s+(?:COLUMN|TO|CONSTRAINT)\b|\bALTER\s+COLUMN\s+\w+\s+(?:SET\s+DATA\s+)?TYPE\b"
    r"|\bADD\s+COLUMN\s+(?:IF\s+NOT\s+EXISTS\s+)?\w+\s+(?:(?!\bDEFAULT\b|,|;).)*\bNOT\s+NULL\b(?!(?:(?!,|;).)*\bDEFAULT\b)"
)


@rule
def no_path_of_one_machine(checkout: Checkout) -> Iterator[Finding]:
    """What works only where it was written works nowhere else."""
    for source in checkout.files.values():
        for line, match in source.matches(MACHINE_PATH):
            yield source.finding(line, f"{match.group()} is a path of one machine")


@rule
def no_package_index(checkout: Checkout) -> Iterator[Finding]:
    """Where packages come from is the reader's business: mirrors and closed networks set it outside the repository."""
    for source in checkout.files.values():
        for line, match in source.matches(INDEX):
            yield source.finding(line, f"{match.group().strip()} names a package index")


@rule
def no_large_file(checkout: Checkout) -> Iterator[Finding]:
    """A repository is cloned by everyone for ever; a large file is made or fetched by a command."""
    for source in checkout.files.values():
        if len(source.content) > FILE_BYTES_MAX:
            yield source.finding(1, f"{len(source.content)} bytes, at most {FILE_BYTES_MAX}")


@rule
def a_decision_is_short_and_whole(checkout: Checkout) -> Iterator[Finding]:
    """A decision that nobody reads to its end is taken again; without its context it cannot be overturned."""
    numbers: dict[str, str] = {}
    for source in checkout.matching("docs/adr/*.md"):
        number = re.fullmatch(r"(\d{4})-[a-z0-9-]+", source.name)
        if not number:
            yield source.finding(1, "an ADR is named NNNN-title.md")
        elif number[1] in numbers:
            yield source.finding(1, f"{number[1]} is also {numbers[number[1]]}")
        else:
            numbers[number[1]] = source.name
        lines = source.text.count("\n")
        if lines > ADR_LINES_MAX:
            yield source.finding(ADR_LINES_MAX, f"{lines} lines, at most {ADR_LINES_MAX}")
        for section in ADR_SECTIONS:
            if f"\n{section}\n" not in source.text:
                yield source.finding(1, f"no section «{section}»")


@rule
def a_link_leads_somewhere(checkout: Checkout) -> Iterator[Finding]:
    """A reader who meets a dead link trusts the rest less."""
    folders = {str(parent) for path in checkout.files for parent in PurePosixPath(path).parents}
    for source in checkout.matching("*.md"):
        for line, match in source.matches(LINK):
            target = normpath(f"{source.folder}/{match['path']}")
            if target not in checkout.files and target not in folders:
                yield source.finding(line, f"{match['path']} does not exist")


@rule
def a_sentence_speaks_every_language(checkout: Checkout) -> Iterator[Finding]:
    """Everything on screen is in Russian first and English second, with the same parameters."""
    catalogues: dict[str, dict[str, Source]] = defaultdict(dict)
    for source in checkout.matching("src/*/locale/*.toml"):
        catalogues[source.folder][source.name] = source
    for folder, sources in catalogues.items():
        sentences = {language: _sentences(sources[language]) for language in LANGUAGES if language in sources}
        for language in LANGUAGES:
            for other, known in sentences.items():
                for key, parameters in known.items():
                    line = _line_of(sources[other], key)
                    if key not in sentences.get(language, {}):
                        yield sources[other].finding(line, f"{key} is missing in {folder}/{language}.toml")
                    elif parameters != sentences[language][key]:
                        yield sources[other].finding(line, f"{key} has other parameters in {language}.toml")


def _sentences(source: Source) -> dict[str, set[str]]:
    """Return the parameters of each sentence of a catalogue by its dotted key."""

    def flat(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
        for key, value in table.items():
            if isinstance(value, dict):
                yield from flat(value, f"{prefix}{key}.")
            else:
                yield prefix + key, str(value)

    pairs = flat(tomllib.loads(source.text), "")
    return {key: set(re.findall(r"\{(\w+)", sentence)) for key, sentence in pairs}


def _line_of(source: Source, key: str) -> int:
    section = key.rpartition(".")[0]
    return next((number for number, match in source.matches(re.escape(f'["{section}"]'))), 1)


@rule
def an_error_has_its_sentence(checkout: Checkout) -> Iterator[Finding]:
    """An error without a sentence reaches a person as a code."""
    sentences: dict[str, set[str]] = defaultdict(set)
    for source in checkout.matching("src/*/locale/*.toml"):
        sentences[source.name] |= set(_sentences(source))
    for source in checkout.matching("src/samovar/kit/*.py", "src/samovar/services/*errors.py"):
        for node in source.nodes:
            code = _error_code(node)
            for language in LANGUAGES if code else ():
                if f"{code}.title" not in sentences[language]:
                    yield source.finding(node, f"{code} has no title in any {language}.toml")


def _error_code(node: ast.AST) -> str | None:
    """Return `code` of a class that has one: `code = "auth.bad_credentials"`."""
    for item in node.body if isinstance(node, ast.ClassDef) else ():
        if isinstance(item, ast.Assign | ast.AnnAssign) and isinstance(item.value, ast.Constant):
            targets = item.targets if isinstance(item, ast.Assign) else [item.target]
            if ast.unparse(targets[0]) == "code":
                return str(item.value.value)
    return None


@file_rule("src/*/migrations/*.sql", "src/samovar/kit/schema/*.sql")
def a_migration_lets_the_old_release_run(source: Source) -> Iterator[Finding]:
    """While a release rolls out, the old code runs on the new schema: add, fill, switch, and only later drop."""
    if not MIGRATION.fullmatch(PurePosixPath(source.path).name):
        yield source.finding(1, "a migration is named YYYY-MM-DD-HHMM_slug.sql")
    created = {match["table"] for match in CREATED.finditer(source.text)}
    for line, match in source.matches(BLOCKING_INDEX.pattern):
        if match["table"] not in created:
            yield source.finding(
                line, f"an index on {match['table']} blocks its writers: CREATE INDEX CONCURRENTLY"
            )
    for line, match in source.matches(BREAKING.pattern):
        yield source.finding(line, f"«{match.group().split()[0]} …» breaks the release that is running")
