"""What a game could tell nobody, because its launcher was gone: it left lines in a file, and the next launcher takes them up."""

from pathlib import Path

import msgspec

from samovar.sdk.launcher.shapes import Told
from samovar.sdk.progress import Progress, ProgressFull

FILE = "left.jsonl"
LINES_MAX = 5_000
FILE_BYTES_MAX = 1_048_576


def take_up(folder: Path, progress: Progress) -> int:
    """Put what was left into the outbox, then remove the file; return how many lines counted.

    A line that is torn or is nonsense is passed over. Killed in between, the lines are taken up again, which changes nothing: an
    achievement and a value are the same twice, and an amount counts once under its `id`.
    """
    file = folder / FILE
    if file.is_symlink() or not file.is_file():
        return 0
    with file.open("rb") as opened:
        lines = opened.read(FILE_BYTES_MAX).splitlines()[:LINES_MAX]
    counted = 0
    for line in lines:
        try:
            told = msgspec.json.decode(line, type=Told)
        except msgspec.DecodeError:
            continue
        try:
            if told.achievement:
                progress.achieve(told.achievement, told.progress)
            progress.set_stats(told.values)
            for rate in told.rates:
                progress.add_rate(rate.key, rate.count, rate.length_s, update_id=rate.id)
        except ProgressFull:
            return counted
        counted += 1
    file.unlink(missing_ok=True)
    return counted
