"""What changes the disk, in one place: tests let each of these operations fail, be torn, or be the last one of the process.

Files are opened without following a link in their last part; who opens them has made sure of the folders above.
"""

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

FLAGS = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
# What a kernel says that cannot copy between these two files.
CANNOT_COPY = {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM, errno.EBADF}


def read_at(fd: int, size: int, offset: int) -> bytes:
    """Read bytes of a file; fewer only at its end."""
    if sys.platform == "win32":
        os.lseek(fd, offset, os.SEEK_SET)
        return os.read(fd, size)
    found = os.pread(fd, size, offset)
    while len(found) < size:
        more = os.pread(fd, size - len(found), offset + len(found))
        if not more:
            break
        found += more
    return found


def open_source(path: Path) -> int:
    """Open a file to read; a link, folder or device is none.

    Raises:
        FileNotFoundError: There is no such file.
    """
    try:
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | FLAGS)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.ENXIO}:
            raise FileNotFoundError(errno.ENOENT, "no regular file", str(path)) from None
        raise
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise FileNotFoundError(errno.ENOENT, "no regular file", str(path))
    return fd


class Blocks:
    """What changes the bytes of files."""

    def create(self, path: Path, *, executable: bool = False) -> int:
        """Open an empty file to write; the modes are what the player's umask leaves."""
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | FLAGS, 0o777 if executable else 0o666)

    def reopen(self, path: Path) -> int:
        """Open a file to write on."""
        return os.open(path, os.O_RDWR | FLAGS)

    def resize(self, fd: int, size: int, *, reserve: bool) -> None:
        """Give a file its size; `reserve` takes the disk now, so that it cannot run out halfway."""
        if reserve and size and sys.platform != "win32" and hasattr(os, "posix_fallocate"):
            try:
                os.posix_fallocate(fd, 0, size)
            except OSError as error:
                if error.errno not in CANNOT_COPY:
                    raise
        os.ftruncate(fd, size)

    def write(self, fd: int, data: bytes | memoryview, offset: int) -> None:
        """Write bytes."""
        view = memoryview(data)
        if sys.platform == "win32":
            os.lseek(fd, offset, os.SEEK_SET)
        while view:
            done = os.write(fd, view) if sys.platform == "win32" else os.pwrite(fd, view, offset)
            view, offset = view[done:], offset + done

    def copy(self, source: int, at: int, size: int, fd: int, offset: int) -> int:
        """Let the kernel copy a range, sharing the blocks where it can; returns how many bytes it took, none if it cannot."""
        if not hasattr(os, "copy_file_range"):
            return 0
        done = 0
        while done < size:
            try:
                taken = os.copy_file_range(source, fd, size - done, at + done, offset + done)
            except OSError as error:
                if error.errno in CANNOT_COPY:
                    break
                raise
            if not taken:
                break
            done += taken
        return done

    def sync(self, fd: int) -> None:
        """Return when the bytes of a file are on the disk."""
        os.fsync(fd)

    def sync_all(self, fds: Iterable[int]) -> None:
        """Return when the bytes of files are on the disk.

        All are begun to be written before the first is waited for: otherwise each of many small files costs a commit of the file system.
        """
        held = list(fds)
        if hasattr(os, "posix_fadvise"):
            for fd in held:
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        for fd in held:
            self.sync(fd)


class Names:
    """What changes the names of files."""

    def rename(self, path: Path, to: Path) -> None:
        """Give a file another name; what had it before is gone, all at once."""
        path.replace(to)

    def link(self, path: Path, to: Path) -> bool:
        """Give a file a second name; False where the disk has no such thing."""
        try:
            os.link(path, to, follow_symlinks=False)
        except (OSError, NotImplementedError):
            return False
        return True

    def symlink(self, target: str, path: Path) -> None:
        """Make a symbolic link."""
        path.symlink_to(target)

    def remove(self, path: Path) -> None:
        """Remove a file or link, if it is there."""
        path.unlink(missing_ok=True)

    def make_folder(self, path: Path) -> None:
        """Make a folder, if it is not there."""
        with contextlib.suppress(FileExistsError):
            path.mkdir()

    def remove_folder(self, path: Path) -> bool:
        """Remove a folder if it is empty; returns whether it is gone."""
        try:
            path.rmdir()
        except OSError:
            return not path.exists()
        return True

    def set_mode(self, path: Path, mode: int) -> None:
        """Set the modes of a file; when this returns they are on the disk."""
        path.chmod(mode)
        fd = open_source(path)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def sync_folder(self, path: Path) -> None:
        """Return when the names in a folder are on the disk."""
        if sys.platform != "win32":
            fd = os.open(path, os.O_RDONLY)
            try:
                os.fsync(fd)
            finally:
                os.close(fd)


class Disk(Blocks, Names):
    """The disk of this machine."""
