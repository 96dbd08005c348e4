"""The Python code of every service's `contract/v1.proto`, with types."""

import shlex
import sys
import tempfile
from pathlib import Path

import grpc_tools
from grpc_tools import protoc

import samovar

SOURCE = Path(next(iter(samovar.__path__))).parent
# The compiler starts its plug-ins as programs, and an installed program cannot start from a path with a space in it.
_PLUGIN = """#!/bin/sh
exec {python} -c 'from mypy_protobuf.main import {entry}; {entry}()'
"""


def generated_code(protos: list[Path]) -> dict[Path, bytes]:
    """Compile `protos` and return the files that lie beside them.

    Raises:
        RuntimeError: The compiler refused a file; it has printed why.
    """
    if not protos:
        return {}
    well_known = Path(next(iter(grpc_tools.__path__))) / "_proto"
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as plugins:
        status = protoc.main(
            [
                "protoc",
                f"-I{SOURCE}",
                f"-I{well_known}",
                f"--plugin=protoc-gen-mypy={_plugin(Path(plugins), 'main')}",
                f"--plugin=protoc-gen-mypy_grpc={_plugin(Path(plugins), 'grpc')}",
                f"--python_out={folder}",
                f"--grpc_python_out={folder}",
                f"--mypy_out=quiet:{folder}",
                f"--mypy_grpc_out=quiet:{folder}",
                *(str(proto.relative_to(SOURCE)) for proto in protos),
            ]
        )
        if status:
            raise RuntimeError("protoc refused a .proto file; its message stands above")
        made = sorted(file for file in Path(folder).rglob("*.py*") if file.is_file())
        return {SOURCE / file.relative_to(folder): file.read_bytes() for file in made}


def _plugin(folder: Path, entry: str) -> Path:
    file = folder / entry
    file.write_text(_PLUGIN.format(python=shlex.quote(sys.executable), entry=entry))
    file.chmod(0o700)
    return file
