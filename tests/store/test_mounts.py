"""Mounts: which one a path lies on, and whether locks can be relied on there."""

import pytest

from store.mounts import Mount, lies_on, mount_of, mounts_in
from tests.builders import ROOT

SERVER = r"""
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
31 27 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
40 27 8:17 / /srv rw,relatime shared:5 master:2 - xfs /dev/sdb1 rw,attr2
41 40 0:51 / /srv/city rw,relatime shared:6 - nfs4 filer.example.org:/export/city rw,vers=4.2
42 41 8:18 / /srv/city/local\040disk rw,noatime - ext4 /dev/sdb2 rw
43 27 0:52 / /mnt/team\040drive rw - cifs //filer/team\040drive rw,username=anna
44 27 0:53 / /home/anna/far rw,nosuid - fuse.sshfs anna@example.org: rw,user_id=1000
45 27 0:54 / /mnt/c rw - 9p drvfs rw,aname=drvfs
46 27 8:19 / /mnt/usb rw - fuseblk /dev/sdc1 rw
47 27 0:55 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw,lowerdir=/a:/b
48 27 0:56 / /mnt/nfsroot rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize(
    ("path", "kind", "shared"),
    [
        ("/", "ext4", False),
        ("/srv/other/p.db", "xfs", False),
        ("/srv/city", "nfs4", True),
        ("/srv/city/p.db", "nfs4", True),
        ("/srv/cityhall/p.db", "xfs", False),
        ("/srv/city/local disk/p.db", "ext4", False),
        ("/srv/city/local diskette/p.db", "nfs4", True),
        ("/mnt/team drive/a b/p.db", "cifs", True),
        ("/mnt/team/p.db", "ext4", False),
        ("/home/anna/far/p.db", "fuse.sshfs", True),
        ("/mnt/c/Users/anna/p.db", "9p", True),
        ("/mnt/usb/p.db", "fuseblk", False),
        ("/var/lib/docker/overlay2/x/merged/p.db", "overlay", False),
        ("/mnt/nfsroot/p.db", "tmpfs", False),
    ],
)
def test_longest_mount_above_a_path_is_the_one_it_lies_on(
    path: str, kind: str, *, shared: bool
) -> None:
    """Whole names count, and blanks are written as octal numbers."""
    mount = mount_of(path, list(mounts_in(SERVER)))
    assert mount is not None
    assert (mount.kind, mount.shared) == (kind, shared)


def test_mount_on_top_hides_what_lies_beneath() -> None:
    """At the same place the last one is seen; what was mounted deeper before is hidden with it."""
    over = SERVER + "60 40 0:60 / /srv/city rw - tmpfs tmpfs rw\n"
    # The server's share is beneath: 60 was mounted on the same place of the same mount.
    on_top = mount_of("/srv/city/p.db", list(mounts_in(over)))
    assert on_top is not None
    assert on_top.kind == "tmpfs"
    stacked = SERVER + "61 41 0:61 / /srv/city rw - tmpfs tmpfs rw\n"
    assert [mount_of("/srv/city/p.db", list(mounts_in(stacked)))] == [
        Mount("61", "41", "/srv/city", "tmpfs", "tmpfs")
    ]
    hidden = SERVER + "62 40 8:33 / /srv rw - ext4 /dev/sdd1 rw\n"
    above = mount_of("/srv/city/p.db", list(mounts_in(hidden)))
    assert above is not None
    assert above.source == "/dev/sdd1"


def test_root_that_is_mounted_over_is_the_one_on_top() -> None:
    """As after a start from memory."""
    text = "1 1 0:2 / / rw - rootfs rootfs rw\n27 1 254:0 / / rw - nfs filer:/root rw\n"
    mount = mount_of("/data/p.db", list(mounts_in(text)))
    assert mount is not None
    assert (mount.kind, mount.shared) == ("nfs", True)


@pytest.mark.parametrize(
    "kind", ["nfs", "smb3", "ceph", "fuse.glusterfs", "fuse.rclone", "vboxsf", "afs", "lustre"]
)
def test_file_system_that_others_stand_behind_is_a_share(kind: str) -> None:
    """Whatever is run outside the kernel is taken for one, unless it is known not to be."""
    assert Mount("1", "0", "/", kind, "x").shared
    assert not Mount("1", "0", "/", "fuse.ntfs-3g", "/dev/sda1").shared


@pytest.mark.parametrize("text", ["", "\n\n", "nonsense", "1 2 3 - ext4", "36 35 98:0 / /mnt"])
def test_text_that_tells_of_no_mount_gives_none(text: str) -> None:
    """No guess is made."""
    assert mount_of("/srv/p.db", list(mounts_in(text))) is None


def test_name_that_is_no_utf_8_is_found() -> None:
    """Names of folders are bytes."""
    text = SERVER + "70 27 0:70 / /mnt/caf\udce9 rw - nfs filer:/x rw\n"
    mount = mount_of("/mnt/caf\udce9/p.db", list(mounts_in(text)))
    assert mount is not None
    assert mount.kind == "nfs"


def test_this_machine_tells_of_its_own_mounts() -> None:
    """The real text can be read."""
    assert lies_on(ROOT) is not None
