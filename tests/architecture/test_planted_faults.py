"""Each tidy rule finds a fault that is planted for it, names the file and the line, and leaves the innocent alone."""

import pytest

from tests.architecture import test_tidy
from tests.architecture.sources import RULES, Checkout

SERVICE = "src/samovar/services/wishlist"
Files = dict[str, str]

# Rule, files, and where the fault is. Words that the rules forbid are written in pieces.
FAULTS: list[tuple[str, Files, str]] = [
    ("a_file_is_short", {"src/samovar/kit/cache.py": "x = 1\n" * 401}, "src/samovar/kit/cache.py:400"),
    ("a_function_is_short", {"tests/a.py": "x = 1\ndef f():\n" + "    x\n" * 60}, "tests/a.py:2"),
    (
        "a_folder_is_small",
        {f"src/samovar/content/part_{number:02}.py": "" for number in range(13)},
        "src/samovar/content/part_12.py:1",
    ),
    (
        "a_class_is_small",
        {"src/a.py": "class Wide:\n" + "".join(f"    def do_{n}(self): ...\n" for n in range(11))},
        "src/a.py:1",
    ),
    ("a_name_says_what_is_inside", {f"{SERVICE}/utils.py": ""}, f"{SERVICE}/utils.py:1"),
    ("a_name_says_what_is_inside", {"tests/common/test_a.py": ""}, "tests/common/test_a.py:1"),
    ("a_package_says_so", {"src/samovar/content/packs.py": ""}, "src/samovar/content/packs.py:1"),
    ("a_service_has_a_front", {f"{SERVICE}/README.md": "# Wishlist"}, f"{SERVICE}/README.md:1"),
    (
        "a_service_names_its_specialities",
        {f"{SERVICE}/README.md": "`ledger/`: the book", f"{SERVICE}/ledger/pages.py": ""},
        f"{SERVICE}/ledger/pages.py:1",
    ),
    (
        "a_kit_module_has_two_users",
        {"src/samovar/kit/lonely.py": "", f"{SERVICE}/api.py": "from samovar.kit import lonely\n"},
        "src/samovar/kit/lonely.py:1",
    ),
    ("nothing_is_unfinished", {"src/a.py": "x = 1\n# TO" + "DO: the rest\n"}, "src/a.py:2"),
    ("nothing_is_unfinished", {"src/a.py": "raise NotImplemented" + "Error\n"}, "src/a.py:1"),
    ("nothing_is_unfinished", {"src/a.sql": "-- Good enough for" + " now.\n"}, "src/a.sql:1"),
    ("sql_lives_in_repositories", {f"{SERVICE}/api.py": "x = 'SELECT a FROM b'\n"}, f"{SERVICE}/api.py:1"),
    (
        "no_query_in_a_loop",
        {f"{SERVICE}/repository.py": "async def f(tx):\n  for i in x:\n    await tx.fetch_one('', i)\n"},
        f"{SERVICE}/repository.py:3",
    ),
    ("money_is_whole_in_code", {"src/a.py": "class A:\n    price_minor: float\n"}, "src/a.py:2"),
    ("money_is_whole_in_code", {"src/a.py": "def pay(amount: Decimal | None): ...\n"}, "src/a.py:1"),
    (
        "money_is_whole_in_tables",
        {"src/a.sql": "CREATE TABLE a (\n  price numeric(10,2)\n);\n"},
        "src/a.sql:2",
    ),
    (
        "a_setting_is_described",
        {f"{SERVICE}/settings.py": "class WishlistSettings(ServiceSettings):\n    page_size: int = 10\n"},
        f"{SERVICE}/settings.py:2",
    ),
    (
        "an_event_tells_what_happened",
        {f"{SERVICE}/contract/events.py": "class GameWished(Event, subject='catalog.v1.game_wished'): ...\n"},
        f"{SERVICE}/contract/events.py:1",
    ),
    (
        "an_event_tells_what_happened",
        {f"{SERVICE}/contract/events.py": "class WishGame(Event, subject='wishlist.v1.wish_game'): ...\n"},
        f"{SERVICE}/contract/events.py:1",
    ),
    (
        "an_event_tells_what_happened",
        {f"{SERVICE}/api.py": "class GameWished(Event, subject='wishlist.v1.game_wished'): ...\n"},
        f"{SERVICE}/api.py:1",
    ),
    (
        "rules_read_no_clock_and_no_chance",
        {f"{SERVICE}/domain.py": "from datetime import datetime\nx = datetime.now(UTC)\n"},
        f"{SERVICE}/domain.py:2",
    ),
    (
        "rules_read_no_clock_and_no_chance",
        {f"{SERVICE}/games/use_cases.py": "from samovar.kit.ids import new_id as make\nx = make()\n"},
        f"{SERVICE}/games/use_cases.py:2",
    ),
    (
        "a_pattern_ends_where_the_text_does",
        {"src/a.py": "A = B[str,\n  Meta(pattern='^a$')]\n"},
        "src/a.py:2",
    ),
    ("a_test_asserts", {"tests/kit/test_a.py": "def test_a():\n    f()\n"}, "tests/kit/test_a.py:1"),
    (
        "a_test_does_not_judge_time",
        {"tests/a.py": "def test_a():\n    t = time.monotonic()\n    f()\n    assert g() - t < 1\n"},
        "tests/a.py:4",
    ),
    (
        "a_test_does_not_sleep_and_hope",
        {"tests/a.py": "async def test_a():\n    await asyncio.sleep(1)\n"},
        "tests/a.py:2",
    ),
    ("a_test_mocks_nothing", {"tests/a.py": "from unittest.mock import Mock\n"}, "tests/a.py:1"),
    ("a_test_mocks_nothing", {"tests/a.py": "monkeypatch.setattr(module, 'send', fake)\n"}, "tests/a.py:1"),
    ("a_test_runs", {"tests/a.py": "@pytest.mark.xfail\ndef test_a(): ...\n"}, "tests/a.py:1"),
    ("no_path_of_one_machine", {"docs/a.md": "Look into /ho" + "me/anna/samovar.\n"}, "docs/a.md:1"),
    (
        "no_package_index",
        {"deploy/Dockerfile": "RUN pip install --index" + "-url $X y\n"},
        "deploy/Dockerfile:1",
    ),
    ("no_package_index", {"a.lock": "https://py" + "pi.org/x\n"}, "a.lock:1"),
    ("no_large_file", {"docs/film.mp4": "0" * 1_000_001}, "docs/film.mp4:1"),
    (
        "a_decision_is_short_and_whole",
        {"docs/adr/0001-a.md": "# A\n\n## Context\n" * 21},
        "docs/adr/0001-a.md:60",
    ),
    ("a_link_leads_somewhere", {"docs/a.md": "See\n[there](b.md#part).\n"}, "docs/a.md:2"),
    ("a_link_leads_somewhere", {"docs/a.md": "It is in `kit/cache`.\n"}, "docs/a.md:1"),
    ("a_link_leads_somewhere", {"docs/a.md": "\nSee `tests/kit/test_cache.py`.\n"}, "docs/a.md:2"),
    (
        "a_migration_has_a_time_of_its_own",
        {
            f"{SERVICE}/migrations/2026-01-01-1200_a.sql": "SELECT 1;\n",
            f"{SERVICE}/migrations/2026-01-01-1200_b.sql": "SELECT 1;\n",
        },
        f"{SERVICE}/migrations/2026-01-01-1200_b.sql:1",
    ),
    (
        "a_migration_lets_the_old_release_run",
        {f"{SERVICE}/migrations/0001_entries.sql": "SELECT 1;\n"},
        f"{SERVICE}/migrations/0001_entries.sql:1",
    ),
    (
        "a_migration_lets_the_old_release_run",
        {f"{SERVICE}/migrations/2026-01-01-1200_a.sql": "\nCREATE INDEX b ON entries (game_id);\n"},
        f"{SERVICE}/migrations/2026-01-01-1200_a.sql:2",
    ),
    (
        "a_migration_lets_the_old_release_run",
        {f"{SERVICE}/migrations/2026-01-01-1200_a.sql": "ALTER TABLE a ADD COLUMN b text NOT NULL;\n"},
        f"{SERVICE}/migrations/2026-01-01-1200_a.sql:1",
    ),
    (
        "a_migration_lets_the_old_release_run",
        {f"{SERVICE}/migrations/2026-01-01-1200_a.sql": "ALTER TABLE a RENAME COLUMN b TO c;\n"},
        f"{SERVICE}/migrations/2026-01-01-1200_a.sql:1",
    ),
]

# What looks like a fault and is none.
INNOCENT: list[tuple[str, Files]] = [
    ("a_function_is_short", {"src/a.py": "def f():\n    '''A\n" + "b\n" * 70 + "'''\n    return 1\n"}),
    ("a_folder_is_small", {f"src/samovar/kit/part_{number:02}.py": "" for number in range(30)}),
    (
        "a_service_names_its_specialities",
        {
            f"{SERVICE}/README.md": "- `ledger/`",
            f"{SERVICE}/ledger/repository.py": "",
            f"{SERVICE}/api.py": "",
        },
    ),
    ("sql_lives_in_repositories", {f"{SERVICE}/repository.py": "x = 'SELECT a'\n"}),
    ("sql_lives_in_repositories", {f"{SERVICE}/api.py": '"""\nSELECT a\n"""\n'}),
    ("money_is_whole_in_code", {"src/a.py": "price_minor: int\nratio: float\n"}),
    (
        "a_setting_is_described",
        {"src/a.py": "class A(Settings):\n    b: Annotated[int, Meta(description='c')]\n"},
    ),
    (
        "an_event_tells_what_happened",
        {
            f"{SERVICE}/contract/events.py": "class GameWished(Event, subject='wishlist.v1.game_wished'): ...\n"
        },
    ),
    (
        "an_event_tells_what_happened",
        {
            f"{SERVICE}/contract/gift_events.py": "class GiftWished(Event, subject='wishlist.v1.gift_wished'): ...\n"
        },
    ),
    ("rules_read_no_clock_and_no_chance", {f"{SERVICE}/adapters.py": "import time\nx = time.time()\n"}),
    ("rules_read_no_clock_and_no_chance", {f"{SERVICE}/domain.py": "def f(clock): return clock.now()\n"}),
    ("a_test_asserts", {"tests/test_a.py": "def test_a():\n    with pytest.raises(E):\n        f()\n"}),
    (
        "a_test_asserts",
        {"tests/kit/test_a.py": "def until(x):\n    assert x\n\ndef test_a():\n    until(y)\n"},
    ),
    (
        "a_test_does_not_judge_time",
        {"tests/a.py": "def test_a():\n    while not f():\n        assert time.monotonic() < ends\n"},
    ),
    (
        "a_test_does_not_sleep_and_hope",
        {"tests/a.py": "async def test_a():\n    while not x:\n        await asyncio.sleep(0.1)\n"},
    ),
    (
        "a_pattern_ends_where_the_text_does",
        {"src/a.py": "A = Meta(pattern=r'^a\\Z')\nB = Meta(pattern=r'^\\$')\n"},
    ),
    ("a_test_mocks_nothing", {"tests/a.py": "monkeypatch.setattr(module, 'ROWS_MAX', 3)\n"}),
    ("a_test_runs", {"tests/a.py": "if not root:\n    pytest.skip('needs root')\n"}),
    ("no_path_of_one_machine", {"docs/a.md": "`GET /v1/pages/home`, https://a.b/work/c and home/anna/\n"}),
    (
        "a_link_leads_somewhere",
        {"docs/a.md": "[b](b.md), [c](../src/) and https://a.b\n", "docs/b.md": "", "src/c": ""},
    ),
    (
        "a_migration_lets_the_old_release_run",
        {
            f"{SERVICE}/migrations/2026-01-01-1200_a.sql": (
                "CREATE TABLE a (b bigint NOT NULL);\nCREATE INDEX c ON a (b);\n"
                "ALTER TABLE d ADD COLUMN e text NOT NULL DEFAULT '', ADD COLUMN f text;\n"
                "CREATE INDEX CONCURRENTLY g ON d (f);\n"
            )
        },
    ),
]


def _found(rule: str, files: Files) -> list[str]:
    checkout = Checkout({path: text.encode() for path, text in files.items()})
    return [f"{finding.path}:{finding.line}" for finding in RULES[rule](checkout)]


@pytest.mark.parametrize(("rule", "files", "place"), FAULTS)
def test_the_rule_finds_the_planted_fault(rule: str, files: Files, place: str) -> None:
    assert place in _found(rule, files)


@pytest.mark.parametrize(("rule", "files"), INNOCENT)
def test_the_rule_leaves_the_innocent_alone(rule: str, files: Files) -> None:
    assert _found(rule, files) == []


def test_every_rule_has_a_planted_fault() -> None:
    assert test_tidy.RULE_MODULES
    assert {rule for rule, _, _ in FAULTS} == set(RULES)
