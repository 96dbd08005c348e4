"""Whatever is typed, there is an answer and never a fault."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from store_catalogue import games
from store_queries import engine_of, index_of

from samovar.kit.errors import InvalidInput
from samovar.services.catalog.search.engine import SearchEngine
from samovar.services.catalog.search.schemas import FACET_GROUPS, MINOR_MAX, SearchQuery
from tests.services.catalog.pages import publish
from tests.services.catalog.search.conftest import Store

NONSENSE = (
    "'; DROP TABLE apps; --",
    "%' OR 1=1 /*",
    'title:(foo OR "bar~2") AND NOT [a TO z]^3 \\',
    '{!join from=x}* /.*/ && || ! ( ) { } [ ] ^ " ~ * ? : \\ /',
    "🎮🔥🇷🇺👨‍👩‍👧",
    "ведьmaк сталkер ｆｕｌｌ",
    "\x00\x01\x1b[31m\u202e\ufeff",
    "a" * 10_240,
    "слово " * 2_000,
    "́" * 500,
    "ﷺ" * 300,
    "١٢٣ 一二三 한국어 ไทย हिन्दी",
    "\ud800",
    "-" * 300,
    "v i x ii xx 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6",
)
SYNTAX = st.text(alphabet="abцшеу '\"\\/*?~^:;()[]{}<>&|!+-=%_$#@\x00\n\t.🎲ё", max_size=80)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    return engine_of(index_of(games(300, seed=3), tmp_path_factory.mktemp("index")))


@settings(max_examples=250, deadline=None)
@given(st.text(max_size=400) | SYNTAX | st.sampled_from(NONSENSE))
async def test_any_text_has_an_answer(engine: SearchEngine, text: str) -> None:
    found = await engine.search(SearchQuery(text=text, facets=FACET_GROUPS))
    assert found.total >= len(found.ids)
    assert not found.degraded
    await engine.suggest(text, country="RU", age_level=18)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=60).map(lambda data: data.hex()))
@example("x" * 100_000)
async def test_any_cursor_is_a_page_or_refused_by_name(engine: SearchEngine, cursor: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await engine.search(SearchQuery(cursor=cursor))
    assert refused.value.fields[0].field == "cursor"


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(("price_min", "price_max", "discount_min", "score_min", "reviews_min")),
    st.integers(-(2**70), 2**70),
    st.sampled_from(("tags", "genres", "creators", "platforms", "tags_excluded")),
    st.lists(st.text(max_size=20), max_size=30),
)
async def test_any_filter_is_followed_or_refused_by_name(
    engine: SearchEngine, field: str, number: int, group: str, values: list[str]
) -> None:
    query = SearchQuery(**{field: number, group: tuple(values)})  # type: ignore[arg-type]
    most = 100 if field in {"discount_min", "score_min"} else MINOR_MAX
    if 0 <= number <= most:
        assert (await engine.search(query)).total >= 0
        return
    with pytest.raises(InvalidInput) as refused:
        await engine.search(query)
    named = {"score_min": "review_min"}.get(field, field)
    assert [fault.field for fault in refused.value.fields] == [named]


@pytest.mark.parametrize("text", NONSENSE)
async def test_postgresql_has_an_answer_too(store: Store, text: str) -> None:
    await publish(store.database, "one")
    found = await store.engine.search(SearchQuery(text=text))
    assert found.degraded
    assert (await store.engine.suggest(text, country="RU", age_level=18)).degraded
