"""What can go wrong with a catalogue file as a whole. A single line that is refused is a `faults.Fault`, no error.

Conflict
└── ImportSuperseded   409  catalog.import_superseded    the same file is imported anew by somebody else
BadRequest
└── FileUnreadable     400  catalog.file_unreadable      it is not there, may not be read, or is a broken archive
InvalidInput
└── FileRefused        422  catalog.file_refused         asked to be strict, and a line is refused
"""

from samovar.kit.errors import BadRequest, Conflict, InvalidInput


class FileUnreadable(BadRequest):
    """The file cannot be read to its end; the parameter `file` names it."""

    code = "catalog.file_unreadable"


class FileRefused(InvalidInput):
    """A line is refused and the import is to be strict; the parameter `line` is its number."""

    code = "catalog.file_refused"


class ImportSuperseded(Conflict):
    """Somebody has started the import of the same file anew."""

    code = "catalog.import_superseded"
