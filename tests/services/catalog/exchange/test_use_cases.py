"""A file is taken whatever the order of its lines, line by line, once, and given out as it was."""

import gzip
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from samovar.kit.database import Database
from samovar.services.catalog.exchange.domain import BATCH_LINES
from samovar.services.catalog.exchange.errors import FileRefused, FileUnreadable
from samovar.services.catalog.exchange.use_cases import CatalogExport, Summary
from tests.services.catalog.exchange.files import app, creator, package, take, term, write


def _codes(summary: Summary) -> list[tuple[int, str | None, str]]:
    return [(fault.line, fault.field, fault.code) for fault in summary.faults]


async def _count(database: Database, table: str) -> Any:
    return await database.fetch_value(f"SELECT count(*) FROM {table}")


async def _exported(database: Database) -> bytes:
    file = io.BytesIO()
    await CatalogExport(database).run(file, lambda _: None)
    return file.getvalue()


_WHOLE: list[dict[str, Any]] = [
    package("samovar-deluxe", "samovar", contents=["samovar", "samovar-dlc"], place=1),
    {
        "record": "changelog",
        "app": "samovar",
        "release": "1.1",
        "texts": {"ru": "Кипит"},
        "published_at": "2026-02-01T10:00:00Z",
    },
    app("samovar-dlc", page={"kind": "dlc", "base": "samovar"}),
    package(
        "samovar-standard",
        "samovar",
        sold={"except_in": ["CN"]},
        prices={"RU": {"amount": 59900, "currency": "RUB"}, "CIS": {"amount": 699, "currency": "USD"}},
    ),
    {
        "record": "discount",
        "package": "samovar-standard",
        "kind": "custom",
        "percent": 30,
        "starts_at": "2026-05-01T10:00:00Z",
        "ends_at": "2026-05-08T10:00:00Z",
    },
    {
        "record": "bundle",
        "slug": "tea-set",
        "names": {"ru": "Чайный набор"},
        "kind": "complete_the_set",
        "discount_percent": 10,
        "packages": ["samovar-standard", "samovar-deluxe"],
    },
    *(
        {
            "record": "price_history",
            "package": "samovar-standard",
            "region": "RU",
            "amount": amount,
            "currency": "RUB",
            "since": since,
        }
        for amount, since in ((49900, "2026-01-15T00:00:00Z"), (59900, "2026-03-01T00:00:00Z"))
    ),
    app(
        "samovar",
        origin="demo",
        key="s-1",
        popularity=0.1,
        page={"tags": ["rogue-like", "cosy"], "developers": ["teahouse"], "genres": ["adventure"]},
    ),
    creator("teahouse", website="https://example.org"),
    term("cosy"),
    term("adventure", "genre"),
    term("rogue-like", names={"ru": "Рогалик", "en": "Roguelike"}),
]


async def test_the_order_of_lines_does_not_matter(own_database: Database, tmp_path: Path) -> None:
    summary = await take(own_database, write(tmp_path / "a.jsonl", *_WHOLE))
    assert _codes(summary) == []
    # The past prices come before the present ones, which are a thing of their own and change them.
    assert (summary.lines, summary.counts.new, summary.counts.changed) == (13, 13, 1)
    assert await _count(own_database, "app_tags") == 2


async def test_what_is_there_already_makes_no_version_and_no_event(
    own_database: Database, tmp_path: Path
) -> None:
    await take(own_database, write(tmp_path / "a.jsonl", *_WHOLE))
    before = [
        await _count(own_database, table) for table in ("app_versions", "kit.outbox", "changelog_entries")
    ]
    again = await take(own_database, tmp_path / "a.jsonl")
    assert (again.counts.same, again.counts.new, again.counts.changed) == (14, 0, 0)
    after = [
        await _count(own_database, table) for table in ("app_versions", "kit.outbox", "changelog_entries")
    ]
    assert after == before


async def test_what_reads_otherwise_is_changed(own_database: Database, tmp_path: Path) -> None:
    await take(own_database, write(tmp_path / "a.jsonl", *_WHOLE))
    changed = [*(line for line in _WHOLE if line.get("slug") != "cosy"), term("cosy", names={"ru": "Уют"})]
    again = await take(own_database, write(tmp_path / "b.jsonl", *changed))
    assert (again.counts.same, again.counts.changed) == (13, 1)


async def test_a_catalogue_is_given_out_as_it_was_taken(
    own_database: Database, other_database: Database, tmp_path: Path
) -> None:
    await take(own_database, write(tmp_path / "a.jsonl", *_WHOLE))
    first = await _exported(own_database)
    (tmp_path / "b.jsonl").write_bytes(first)
    summary = await take(other_database, tmp_path / "b.jsonl")
    assert _codes(summary) == []
    assert await _exported(other_database) == first
    assert first.count(b"\n") == 14


_BAD: list[tuple[dict[str, Any] | str, str | None, str]] = [
    ('{"record": "appp"}', "record", "record_unknown"),
    ('{"slug": "a"}', "record", "missing"),
    ("[]", None, "wrong_type"),
    ("{", None, "not_json"),
    ('{"record": "app", "popularity": NaN}', None, "not_json"),
    ('{"record": "app", "popularity": 1e999}', "popularity", "invalid"),
    ('{"record": "app", "popularity": -1}', "popularity", "too_small"),
    ('{"record": "term", "kind": "tag", "slug": "A b", "names": {"ru": "x"}}', "slug", "wrong_pattern"),
    (
        '{"record": "term", "kind": "tag", "slug": "z", "names": {"ru": "x"}, "more": 1}',
        "more",
        "unknown",
    ),
    (
        '{"record": "term", "kind": "tag", "slug": "z", "names": {"ru": "\\u200b"}}',
        "names.ru",
        "unprintable",
    ),
    (app("b1", page={"tags": ["nowhere"]}), "page.tags[0]", "term_unknown"),
    (app("b2", page={"developers": ["nobody"]}), "page.developers[0]", "creator_unknown"),
    (app("b3", page={"kind": "dlc", "base": "nothing"}), "page.base", "base_unknown"),
    (app("b4", page={"kind": "dlc"}), "page.base", "missing"),
    (app("b5", page={"base": "good"}), "page.base", "base_not_allowed"),
    (app("b6", page={"visible": {"only_in": ["XX"]}}), "page.visible.only_in[0]", "country_unknown"),
    (
        app("b7", page={"media": [{"kind": "hero", "file": "../x.png"}]}),
        "page.media[0].file",
        "file_unknown",
    ),
    (app("b8", page={"media": [{"kind": "hero"}]}), "page.media[0]", "invalid"),
    (app("good", origin="demo"), None, "line_repeated"),
    (package("p1", "nothing"), "app", "app_unknown"),
    (package("p2", "good", contents=["good", "nothing"]), "contents[1]", "app_unknown"),
    (package("p3", "good", contents=["good", "good"]), "contents[1]", "repeated"),
    (package("p4", "good", sold={"only_in": ["XX"]}), "sold.only_in[0]", "country_unknown"),
    (package("p5", "good", names={"ru": " "}), "names.ru", "unprintable"),
    (
        {
            "record": "discount",
            "package": "fine",
            "kind": "custom",
            "percent": 20,
            "starts_at": "0001-01-01T00:00:00+14:00",
            "ends_at": "0001-01-03T00:00:00+14:00",
        },
        "starts_at",
        "invalid",
    ),
]


async def test_a_past_that_a_long_file_would_part_is_kept_whole(
    own_database: Database, tmp_path: Path
) -> None:
    def past(of: str, day: int) -> dict[str, Any]:
        since = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=day)
        return {
            "record": "price_history", "package": of, "region": "RU", "amount": 50_000 + day, "currency": "RUB",
            "since": since.isoformat(),
        }  # fmt: skip

    told = [past("a-1", day) for day in range(BATCH_LINES - 1)] + [past("b-1", day) for day in range(3)]
    lines = [*(line for slug in "ab" for line in (app(slug), package(f"{slug}-1", slug))), *told]
    summary = await take(own_database, write(tmp_path / "a.jsonl", *lines))
    assert (summary.faults, await _count(own_database, "base_prices")) == ([], len(told))


async def test_a_bad_line_is_named_and_keeps_no_good_one_out(own_database: Database, tmp_path: Path) -> None:
    bad = [line for line, _, _ in _BAD]
    summary = await take(
        own_database, write(tmp_path / "a.jsonl", app("good"), *bad, term("fine"), package("fine", "good"))
    )
    assert _codes(summary) == [(place, field, code) for place, (_, field, code) in enumerate(_BAD, start=2)]
    assert (summary.counts.new, summary.counts.refused) == (3, len(bad))
    assert [await _count(own_database, table) for table in ("apps", "terms", "packages")] == [1, 1, 1]


async def test_games_cannot_belong_to_each_other_in_a_circle(own_database: Database, tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.jsonl",
        app("a", page={"kind": "dlc", "base": "b"}),
        app("b", page={"kind": "dlc", "base": "a"}),
        app("c", page={"kind": "dlc", "base": "c"}),
    )
    summary = await take(own_database, file)
    assert {code for _, _, code in _codes(summary)} == {"base_unknown"}
    assert await _count(own_database, "apps") == 0


async def test_windows_and_archives_are_read(own_database: Database, tmp_path: Path) -> None:
    text = write(tmp_path / "a.jsonl", term("a"), "", term("b")).read_bytes()
    (tmp_path / "b").write_bytes(gzip.compress(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n").rstrip()))
    summary = await take(own_database, tmp_path / "b")
    assert (summary.faults, summary.counts.new) == ([], 2)


async def test_a_line_that_is_too_long_or_no_text_is_passed_over(
    own_database: Database, tmp_path: Path
) -> None:
    good = write(tmp_path / "a.jsonl", term("a")).read_bytes()
    (tmp_path / "b.jsonl").write_bytes(
        b"x" * 10_000_000 + b"\n" + good + b'{"record": "\xff\xfe"}\n' + b"\0\n"
    )
    summary = await take(own_database, tmp_path / "b.jsonl")
    assert _codes(summary) == [
        (1, None, "line_too_long"),
        (3, None, "not_utf8"),
        (4, None, "not_json"),
    ]
    assert summary.counts.new == 1


async def test_a_file_that_is_not_there_or_broken_is_told(own_database: Database, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        await take(own_database, tmp_path / "nothing.jsonl")
    packed = gzip.compress(write(tmp_path / "a.jsonl", *_WHOLE).read_bytes())
    (tmp_path / "b.gz").write_bytes(packed[:-20])
    with pytest.raises(FileUnreadable):
        await take(own_database, tmp_path / "b.gz")
    assert await _count(own_database, "apps") == 0


@pytest.mark.parametrize("line", ["{", app("b", page={"tags": ["nowhere"]})])
async def test_a_strict_import_keeps_all_or_nothing(
    own_database: Database, tmp_path: Path, line: dict[str, Any] | str
) -> None:
    with pytest.raises(FileRefused) as refused:
        await take(own_database, write(tmp_path / "a.jsonl", term("a"), line), mode="whole")
    assert refused.value.params["line"] == 2
    assert [await _count(own_database, table) for table in ("apps", "terms", "kit.outbox")] == [0, 0, 0]
    whole = await take(own_database, write(tmp_path / "b.jsonl", term("a"), app("b")), mode="whole")
    assert (whole.is_kept, whole.counts.new, await _count(own_database, "apps")) == (True, 2, 1)


async def test_a_check_judges_as_the_import_does_and_keeps_nothing(
    own_database: Database, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.jsonl", *_WHOLE, app("b", page={"tags": ["nowhere"]}), "{")
    summary = await take(own_database, file, mode="check")
    assert not summary.is_kept
    assert _codes(summary) == [(14, "page.tags[0]", "term_unknown"), (15, None, "not_json")]
    assert (summary.counts.new, await _count(own_database, "apps"), await _count(own_database, "terms")) == (
        13,
        0,
        0,
    )


async def test_an_app_of_another_origin_is_left_alone(own_database: Database, tmp_path: Path) -> None:
    await take(own_database, write(tmp_path / "a.jsonl", app("a"), app("b", origin="x", key="1")))
    file = write(
        tmp_path / "b.jsonl",
        app("a", origin="x"),
        app("b", origin="x", key="2"),
        app("c", origin="x", key="1"),
    )
    assert _codes(await take(own_database, file)) == [
        (1, None, "catalog.slug_taken"),
        (2, "key", "never_changes"),
        (3, "page.slug", "never_changes"),
    ]
