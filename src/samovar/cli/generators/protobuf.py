"""The Python code of every service's `contract/v1.proto`, with types."""

import tempfile
from pathlib import Path

import grpc_tools
from grpc_tools import protoc

import samovar

SOURCE = Path(next(iter(samovar.__path__))).parent


def generated_code(protos: list[Path]) -> dict[Path, bytes]:
    """Compile `protos` and return the files that lie beside them.

    Raises:
        RuntimeError: The compiler refused a file; it has printed why.
    """
    if not protos:
        return {}
    well_known = Path(next(iter(grpc_tools.__path__))) / "_proto"
    with tempfile.TemporaryDirectory() as folder:
        status = protoc.main(
            [
                "protoc",
                f"-I{SOURCE}",
                f"-I{well_known}",
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
