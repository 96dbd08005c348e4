"""The text index in this process: tantivy, on the disk of this machine, read through the page cache.

Queries run in a thread and let other work go on; documents are written by one writer, which is open only while there is something
to write. A write is seen as a whole, when its commit has been loaded.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tantivy
from pyroaring import BitMap

from samovar.kit.errors import Unavailable
from samovar.services.catalog.search.backend import Found, TextDocument
from samovar.services.catalog.search.planner import Clause, Plan, Reading

WRITER_BYTES = 15_000_000
BULK_WRITER_BYTES = 30_000_000
SCORE_SCALE = 1_000
TIE_BREAKER = 0.05
RUSSIAN, ENGLISH = "russian_stems", "english_stems"

_PLAIN = ("words", "starts", "joined", "whole", "skeletons", "names")


def schema() -> tantivy.Schema:
    """Return the fields of the index."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("place", indexed=True, fast=True)
    builder.add_float_field("weight", fast=True)
    for field in _PLAIN:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("russian", tokenizer_name=RUSSIAN, index_option="basic")
    builder.add_text_field("english", tokenizer_name=ENGLISH, index_option="basic")
    return builder.build()


def _stemming(language: str) -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(40))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stopword(language))
        .filter(tantivy.Filter.stemmer(language))
        .build()
    )


class TantivyBackend:
    """An index in a folder.

    Args:
        folder: Where it lies; made when it is not there.

    Raises:
        ValueError: What lies there cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = schema()
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._stems = {"russian": _stemming("russian"), "english": _stemming("english")}
        self._index.register_tokenizer(
            "whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        self._index.register_tokenizer(RUSSIAN, self._stems["russian"])
        self._index.register_tokenizer(ENGLISH, self._stems["english"])
        self._searcher = self._index.searcher()
        self._writing = asyncio.Lock()

    @property
    def count(self) -> int:
        """How many documents it holds."""
        return self._searcher.num_docs

    async def find(self, plan: Plan, *, limit: int, within: BitMap | None = None) -> Found:
        """Return the best places for a plan, out of `within` when it is given."""
        if not plan.readings or (within is not None and not within):
            return Found({}, is_all=True)
        return await asyncio.to_thread(self._find, plan, limit, within)

    async def known(self, words: Sequence[str]) -> frozenset[str]:
        """Return which of these words stand in titles or names."""
        searcher = self._searcher
        fields = ("words", "joined", "whole", "names")
        return frozenset(
            word for word in words if any(searcher.doc_freq(field, word) > 0 for field in fields)
        )

    async def write(self, documents: Sequence[TextDocument], removed: Sequence[tuple[int, bytes]]) -> None:
        """Put documents in and take others out; they count together, when this returns."""
        async with self._writing:
            await asyncio.to_thread(self._write, documents, removed)
            self._searcher = self._index.searcher()

    def _write(self, documents: Sequence[TextDocument], removed: Sequence[tuple[int, bytes]]) -> None:
        writer = self._index.writer(heap_size=WRITER_BYTES, num_threads=1)
        try:
            for place, _ in removed:
                writer.delete_documents_by_term("place", place)
            for document in documents:
                writer.add_document(_document(document))
            writer.commit()
        finally:
            writer.wait_merging_threads()
        self._index.reload()

    @contextmanager
    def bulk(self) -> Iterator[Callable[[TextDocument], int]]:
        """Write many documents into an empty index, in the thread of the caller."""
        writer = self._index.writer(heap_size=BULK_WRITER_BYTES, num_threads=1)
        try:
            yield lambda document: writer.add_document(_document(document))
            writer.commit()
        finally:
            writer.wait_merging_threads()
        self._reload()

    def _reload(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()

    def forget_from(self, place: int) -> None:
        """Take out what has this place or a later one: written after the table beside it was."""
        writer = self._index.writer(heap_size=WRITER_BYTES, num_threads=1)
        later = tantivy.Query.range_query(
            self._schema, "place", tantivy.FieldType.Unsigned, lower_bound=place
        )
        writer.delete_documents_by_query(later)
        writer.commit()
        writer.wait_merging_threads()
        self._reload()

    async def close(self) -> None:
        """Wait for what is being written."""
        async with self._writing:
            pass

    def _find(self, plan: Plan, limit: int, within: BitMap | None) -> Found:
        readings = [self._reading(reading) for reading in plan.readings]
        query = tantivy.Query.disjunction_max_query(readings) if len(readings) > 1 else readings[0]
        if within is not None:
            chosen = tantivy.Query.term_set_query(self._schema, "place", list(within))
            query = tantivy.Query.boolean_query(
                [
                    (tantivy.Occur.Must, query),
                    (tantivy.Occur.Must, tantivy.Query.const_score_query(chosen, 0.0)),
                ]
            )
        searcher = self._searcher
        try:
            hits = searcher.search(query, limit=limit + 1, count=False, weight_by_field="weight").hits
            places: list[Any] = searcher.fast_field_values("place", [address for _, address in hits[:limit]])
        except ValueError as error:
            raise Unavailable(f"the text index cannot be read: {error}") from error
        scores = {
            place: round(score * SCORE_SCALE) for place, (score, _) in zip(places, hits[:limit], strict=True)
        }
        return Found(scores, is_all=len(hits) <= limit)

    def _reading(self, reading: Reading) -> tantivy.Query:
        should = tantivy.Occur.Should
        words = [(should, self._best(clauses)) for clauses in reading.words]
        query = words[0][1] if len(words) == 1 else tantivy.Query.boolean_query(words, reading.must)
        if reading.whole:
            query = tantivy.Query.boolean_query([(should, query), (should, self._best(reading.whole))], 1)
        return tantivy.Query.boost_query(query, reading.weight) if reading.weight != 1 else query

    def _best(self, clauses: Sequence[Clause]) -> tantivy.Query:
        return tantivy.Query.disjunction_max_query(
            [query for clause in clauses if (query := self._clause(clause)) is not None]
        )

    def _clause(self, clause: Clause) -> tantivy.Query | None:
        text = clause.text
        if clause.field in self._stems:
            stems = self._stems[clause.field].analyze(text)
            if not stems:
                return None
            text = stems[0]
        if clause.match == "exact":
            query = tantivy.Query.term_query(self._schema, clause.field, text, "basic")
        else:
            query = tantivy.Query.fuzzy_term_query(
                self._schema, clause.field, text, distance=clause.typos, prefix=clause.match == "prefix"
            )
        return tantivy.Query.const_score_query(query, clause.weight)


def _document(document: TextDocument) -> tantivy.Document:
    made = tantivy.Document()
    made.add_unsigned("place", document.place)
    made.add_float("weight", 2.0**document.weight - 2.0)
    for field in _PLAIN:
        made.add_text(field, " ".join(getattr(document, field)))
    made.add_text("russian", document.russian)
    made.add_text("english", document.english)
    return made
