"""Which file system a path lies on, as Linux tells it, and whether locks can be relied on there.

Only `lies_on` and `mounts_of_this_process` look at the machine; the rest reads text. The text is
that of /proc/self/mountinfo: its fifth field is the mount point, blanks escaped as octal numbers,
and the type follows the field that is a lone hyphen.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_ID, _PARENT, _POINT = 0, 1, 4
_TYPE, _SOURCE = 0, 1
_OCTAL = re.compile(rb"\\([0-7]{3})")

_SHARES = frozenset(
    {
        "9p",
        "acfs",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "drvfs",
        "fhgfs",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs3",
        "nfs4",
        "ocfs2",
        "orangefs",
        "panfs",
        "prl_fs",
        "pvfs2",
        "smb2",
        "smb3",
        "smbfs",
        "vboxsf",
        "vmhgfs",
        "virtiofs",
        "wekafs",
    }
)
_LOCAL_FUSE = frozenset({"fuse.ntfs-3g", "fuse.ntfs", "fuse.exfat", "fuse.fuse-overlayfs"})
"""File systems that run outside the kernel, on a disk of this machine."""


@dataclass(frozen=True, slots=True)
class Mount:
    """One mount: which, on which other one, where, of which type, and what is mounted there."""

    id: str
    parent: str
    point: str
    kind: str
    source: str

    @property
    def shared(self) -> bool:
        """Whether other machines may stand behind it, so that locks can't be relied on."""
        if self.kind in _LOCAL_FUSE:
            return False
        return self.kind in _SHARES or self.kind.startswith("fuse.")


def mounts_of_this_process() -> str:
    """Return what Linux says of the mounts; raises OSError where it says nothing."""
    return Path("/proc/self/mountinfo").read_bytes().decode(errors="surrogateescape")


def mounts_in(mountinfo: str) -> Iterator[Mount]:
    """Yield the mounts that a text tells of, in its order; what is no mount is passed over."""
    for line in mountinfo.split("\n"):
        fields, hyphen, rest = line.partition(" - ")
        before, after = fields.split(" "), rest.split(" ")
        if hyphen and len(before) > _POINT and len(after) > _SOURCE:
            yield Mount(
                before[_ID],
                before[_PARENT],
                _plain(before[_POINT]),
                after[_TYPE],
                _plain(after[_SOURCE]),
            )


def mount_of(path: str, mounts: Sequence[Mount]) -> Mount | None:
    """Return the mount that an absolute path without symbolic links lies on.

    Goes down from the root as the kernel does, from mount to mount: so the longest mount point
    wins, of several at one place the one on top, and a mount that another one hides does not.
    """
    ids = {mount.id for mount in mounts}
    found = next((m for m in mounts if m.point == "/" and m.parent not in ids - {m.id}), None)
    on = {(mount.parent, mount.point): mount for mount in mounts if mount.parent != mount.id}
    for folder in (*reversed(PurePosixPath(path).parents), PurePosixPath(path)):
        while found is not None and (over := on.get((found.id, str(folder)))):
            found = over
    return found


def lies_on(path: Path) -> Mount | None:
    """Return the mount that a path of this machine lies on; None where nothing tells."""
    return mount_of(str(path.resolve()), list(mounts_in(mounts_of_this_process())))


def _plain(field: str) -> str:
    """Return a field with its octal numbers read: a blank is written as 040."""
    data = field.encode(errors="surrogateescape")
    plain = _OCTAL.sub(lambda octal: bytes([int(octal[1], 8) & 0xFF]), data)
    return plain.decode(errors="surrogateescape")
