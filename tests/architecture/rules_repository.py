"""Rules about everything that is tracked: words, migrations, documents, what must not be there."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from posixpath import normpath

from tests.architecture.sources import Checkout, Finding, Source, file_rule, rule

FILE_BYTES_MAX = 1_000_000
ADR_LINES_MAX = 60
ADR_SECTIONS = ("## Context", "## Decision", "## Consequences")
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
KIT_MODULE = r"`kit/(?P<path>[\w/]+)(?:\.py)?`"
NAMED_FILE = r"`(?P<path>(?:src|tests|docs|deploy|benchmarks)/[\w./-]+\.\w+)`"
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
    """A reader who meets a dead link, or a module of the kit that is gone, trusts the rest less."""
    folders = {str(parent) for path in checkout.files for parent in PurePosixPath(path).parents}
    for source in checkout.matching("*.md"):
        for line, match in source.matches(LINK):
            target = normpath(f"{source.folder}/{match['path']}")
            if target not in checkout.files and target not in folders:
                yield source.finding(line, f"{match['path']} does not exist")
        for line, match in source.matches(NAMED_FILE):
            if match["path"] not in checkout.files:
                yield source.finding(line, f"{match['path']} does not exist")
        for line, match in source.matches(KIT_MODULE):
            target = f"src/samovar/kit/{match['path']}"
            if f"{target}.py" not in checkout.files and target not in folders:
                yield source.finding(line, f"there is no kit/{match['path']}")


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


@rule
def a_migration_has_a_time_of_its_own(checkout: Checkout) -> Iterator[Finding]:
    """Migrations are applied in the order of their times: of two with one time nobody knows which comes first, on which machine."""
    known: dict[tuple[str, str], Source] = {}
    for source in checkout.matching("src/*/migrations/*.sql"):
        path = PurePosixPath(source.path)
        place = (str(path.parent), path.name.partition("_")[0])
        first = known.setdefault(place, source)
        if first is not source:
            yield source.finding(1, f"{PurePosixPath(first.path).name} has the same time")
