"""How much of what people mean is found, in a made-up store of 200,000 games that has some hundred well-known titles.

python benchmarks/bench_search_quality.py [games] [queries]

Targets, of queries whose title is among the first ten: one typo 0.97, two typos 0.65, the other keyboard layout, lost spaces and ё for е
1.0, titles in Cyrillic letters with aliases 0.90.
"""

import asyncio
import random
import sys
import tempfile
from pathlib import Path

from store_catalogue import games
from store_queries import (
    engine_of,
    index_of,
    pairs_of,
    recall,
    with_other_e,
    with_typos,
    without_spaces,
)

from samovar.services.catalog.search.normaliser import other_layout

PAIRS = Path(__file__).parents[1] / "tests/services/catalog/search/cyrillic_titles.tsv"
SEED = 11


async def measure(count: int, asked: int, folder: Path) -> bool:
    """Print what is found of each kind of query; return whether every target was reached."""
    pairs = pairs_of(PAIRS)
    known = list(dict.fromkeys(title for _, title in pairs))
    index = index_of(games(count, seed=SEED, known=known), folder)
    engine, chance = engine_of(index), random.Random(SEED)  # noqa: S311  nothing secret
    popular = [title for title in list(index.table.titles)[: count // 4] if len(title) > 3]
    titles = chance.sample(popular, min(asked, len(popular)))
    russian = [title for title in index.table.titles if "е" in title.lower() or "ё" in title.lower()][:asked]
    kinds = {
        "exact": (1.0, [(title, title) for title in titles]),
        "one typo": (0.97, [(with_typos(chance, title), title) for title in titles]),
        "two typos": (0.65, [(with_typos(chance, title, 2), title) for title in titles]),
        "other layout": (1.0, [(other_layout(title), title) for title in titles]),
        "lost spaces": (1.0, [(without_spaces(title), title) for title in titles]),
        "ё for е": (1.0, [(with_other_e(title), title) for title in russian]),
        "Cyrillic": (0.90, pairs),
        "first 60 %": (0.0, [(title[: max(2, len(title) * 6 // 10)], title) for title in titles]),
    }
    reached = True
    for kind, (least, asked_pairs) in kinds.items():
        missed: list[tuple[str, str]] = []
        share = await recall(engine, asked_pairs, missed)
        reached &= share >= least
        print(f"{kind:14} recall@10 {share:.3f} of {len(asked_pairs)}, at least {least:.2f}   {missed[:6]}")
    return reached


def main() -> int:
    """Measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    asked = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    with tempfile.TemporaryDirectory() as folder:
        return 0 if asyncio.run(measure(count, asked, Path(folder))) else 1


if __name__ == "__main__":
    sys.exit(main())
