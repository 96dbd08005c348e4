"""The pictures of the catalogue as files: drawn by all cores at once, kept by what they depend on, so that nothing is drawn twice."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from samovar.demo.covers.studio import draw, fingerprint
from samovar.demo.records import Painted

FOLDER = "covers"
_NICE = 10
_CHUNK = 6


def hang(
    paintings: Iterable[Painted],
    folder: Path,
    *,
    processes: int | None = None,
    is_all: bool = True,
    told: Callable[[int, int], None] = lambda _done, _all: None,
) -> dict[tuple[str, str], str]:
    """Draw what is missing in a folder, remove what belongs to nothing any more, and return where each picture lies.

    Killed in the middle, it goes on the next time: a file is there whole or not at all.

    Args:
        paintings: The pictures that there are to be.
        folder: Its subfolder `covers` takes the files.
        processes: How many draw at once; one a core unless said.
        is_all: Nothing else is wanted there; what is not named is removed.
        told: Hears how many of how many missing ones are drawn.

    Returns:
        The file by slug and frame, relative to the folder.
    """
    covers = folder / FOLDER
    covers.mkdir(parents=True, exist_ok=True)
    files = {painted: covers / f"{fingerprint(*painted)}.webp" for painted in paintings}
    wanted = set(files.values())
    for file in covers.iterdir() if is_all else ():
        if file not in wanted:
            file.unlink()
    missing = [(painted, file) for painted, file in files.items() if not file.exists()]
    if missing:
        # Spawned, not forked: the caller may run threads.
        with ProcessPoolExecutor(
            processes or os.cpu_count(), mp_context=get_context("spawn"), initializer=_give_way
        ) as pool:
            for done, _ in enumerate(pool.map(_paint, missing, chunksize=_CHUNK), 1):
                told(done, len(missing))
    return {
        (painted.slug, painted.frame.name): str(file.relative_to(folder)) for painted, file in files.items()
    }


def _give_way() -> None:
    """Let whatever else runs on the machine go first."""
    os.nice(_NICE)


def _paint(job: tuple[Painted, Path]) -> None:
    painted, file = job
    unfinished = file.with_suffix(f".{os.getpid()}.part")
    unfinished.write_bytes(draw(*painted))
    unfinished.replace(file)
