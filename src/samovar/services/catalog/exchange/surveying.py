"""Goes through a catalogue file: once to judge every line by itself, then stage by stage to hand out batches."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import msgspec

from samovar.services.catalog.exchange.domain import (
    BATCH_LINES,
    PAST_LINES_MAX,
    STAGES,
    Seen,
    Stage,
    identity_of,
    record_of,
    slug_of,
    stages_of,
)
from samovar.services.catalog.exchange.faults import FAULTS_KEPT_MAX, Fault, unreadable
from samovar.services.catalog.exchange.reading import LINE_BYTES_MAX, RawLine, Source
from samovar.services.catalog.exchange.schemas import LINES, Line, PriceHistoryLine


class Numbered(msgspec.Struct, frozen=True):
    """A line with its number."""

    number: int
    line: Line


class Batch(msgspec.Struct, frozen=True):
    """Lines of one stage that are kept together.

    Attributes:
        lines: In the order of the file.
        faults: Of lines up to `end` that are left out: each repeats another one.
        end: The number of the last line that was looked at.
    """

    lines: list[Numbered]
    faults: list[Fault]
    end: int


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds.

    Attributes:
        lines: How many that are not empty.
        stages: How many lines of each stage can be read; a package with prices is in two.
        faults: Of lines that cannot, the first `FAULTS_KEPT_MAX`.
        refused: How many lines cannot be read.
    """

    lines: int
    stages: dict[Stage, int]
    faults: list[Fault]
    refused: int

    @property
    def things(self) -> int:
        """How many things there are to keep or refuse: a package and its prices are two."""
        return sum(self.stages.values()) + self.refused


class _PageHead(msgspec.Struct):
    base: str | None = None


class _Head(msgspec.Struct):
    """As much of a line as tells its stage; the rest is skipped, not decoded."""

    record: str
    page: _PageHead = msgspec.field(default_factory=_PageHead)
    prices: dict[str, msgspec.Raw] = {}

    @property
    def stages(self) -> tuple[Stage, ...]:
        """In which stages the line is taken."""
        return stages_of(self.record, self.page.base, has_prices=bool(self.prices))


_HEADS = msgspec.json.Decoder(_Head)
_TOLD_EVERY = 1_000


def survey(source: Source, told: Callable[[int], None]) -> Survey:
    """Judge every line of a file by itself.

    Args:
        source: The file.
        told: Called with the number of lines so far, now and then.
    """
    stages: Counter[Stage] = Counter()
    faults: list[Fault] = []
    lines = refused = 0
    for raw in source.lines():
        lines += 1
        fault = _judge(raw, stages)
        if fault:
            refused += 1
            if len(faults) < FAULTS_KEPT_MAX:
                faults.append(fault)
        if lines % _TOLD_EVERY == 0:
            told(lines)
    return Survey(lines=lines, stages=dict(stages), faults=faults, refused=refused)


def batches(source: Source, stage: Stage, after: int) -> Iterator[Batch]:
    """Yield the lines of a stage that can be read, behind the line `after`."""
    seen = Seen()
    lines: list[Numbered] = []
    faults: list[Fault] = []
    end = after
    for raw in source.lines():
        found = _line_of(raw, stage)
        if found is None:
            continue
        line, is_first = found
        is_new = seen.add(identity_of(line))
        if raw.number <= after:
            continue
        if len(lines) + len(faults) >= BATCH_LINES and not _belongs(line, lines):
            yield Batch(lines, faults, end)
            lines, faults = [], []
        end = raw.number
        if is_new:
            lines.append(Numbered(raw.number, line))
        elif is_first:
            faults.append(_repeated(raw.number, line))
    if lines or faults:
        yield Batch(lines, faults, end)


def stages_in(found: Survey) -> list[tuple[int, Stage]]:
    """Return the stages that a file has lines of, with their places in `STAGES`."""
    return [(place, stage) for place, stage in enumerate(STAGES) if found.stages.get(stage)]


def _judge(raw: RawLine, stages: Counter[Stage]) -> Fault | None:
    if raw.data is None:
        return Fault(
            line=raw.number,
            code="line_too_long",
            detail=f"more than {LINE_BYTES_MAX} bytes",
            limit=str(LINE_BYTES_MAX),
        )
    try:
        LINES.decode(raw.data)
        head = _HEADS.decode(raw.data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return unreadable(raw.number, error)
    stages.update(head.stages)
    return None


def _line_of(raw: RawLine, stage: Stage) -> tuple[Line, bool] | None:
    """Return a line of a stage, and whether it is taken there first; what is wrong with others has been told by `survey`."""
    if raw.data is None:
        return None
    try:
        stages = _HEADS.decode(raw.data).stages
        return (LINES.decode(raw.data), stage == stages[0]) if stage in stages else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _belongs(line: Line, before: Sequence[Numbered]) -> bool:
    """Return whether a line is kept with those before it, however many: each part of a past makes the later ones known already."""
    last = before[-1].line if before else None
    return (
        isinstance(line, PriceHistoryLine)
        and isinstance(last, PriceHistoryLine)
        and line.package == last.package
        and len(before) < PAST_LINES_MAX
    )


def _repeated(number: int, line: Line) -> Fault:
    return Fault(
        line=number,
        record=record_of(line),
        slug=slug_of(line),
        code="line_repeated",
        detail="an earlier line has the same name",
    )
