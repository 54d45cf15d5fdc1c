"""A sealed copy of a transition log, and the program that verifies it (Python 3.9, openssl 3):

    python3 verify.py --key KEY.pub [--checkpoint OLD]... [DIR]

KEY.pub, checkpoints that you kept, and this program have to come from elsewhere than DIR, or they prove
nothing. Exit code 0: all is well; 1: findings, or no key; 2: it could not begin. log.jsonl has the lines,
checkpoint the signed root of their tree, folders what lines cite by SHA-256. docs/log-format.md says more.
"""
import functools, getopt, json, os, re, subprocess, sys, tempfile
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path

LAYOUT = re.compile(r"log\.jsonl|checkpoint|key\.pub|README\.txt|verify\.py|checkpoints/\d+|proofs/\d+\.consistency|policies/"
                    r"([0-9a-f]{64})\.toml|definitions/([0-9a-f]{64})\.json|attachments/([0-9a-f]{64})|texts/(..)/(\4[0-9a-f]{62})")
PARTS = {"reason": b"t", "document": b"t", "content": b"t", "attachment": b"a", "policy": b"p", "definition": b"d"}
def require(holds, otherwise):
    if not holds:
        raise ValueError(otherwise)
def file_of(vkey):
    """The file of a public key: NAME+NUMBER+BASE64 of 01 and its 32 bytes, then the same for openssl."""
    der = bytes.fromhex("302a300506032b6570032100") + b64decode(vkey.split("+", 2)[2])[1:]
    return f"{vkey}\n-----BEGIN PUBLIC KEY-----\n{b64encode(der).decode()}\n-----END PUBLIC KEY-----\n"
class Note:
    """A checkpoint: origin, size, root, perhaps more lines; an empty line; signatures."""
    def __init__(self, file, body):
        text, _, below = body.rpartition("\n\n")
        self.file, self.body, self.text, (self.origin, size, root, *more) = file, body, f"{text}\n", text.split("\n")
        self.size, self.root, self.next = int(size), b64decode(root), [one[9:] for one in more if one[:9] == "next_key "]
        self.signatures = [b64decode(line.split(" ")[2])[4:] for line in below[:-1].split("\n")]
    def is_signed(self, vkeys):
        below, good = "", len(vkeys) == len(self.signatures) > 0
        for vkey, signature in zip(vkeys, self.signatures):
            with tempfile.TemporaryDirectory() as folder:
                for file, body in ("key", file_of(vkey).encode()), ("text", self.text.encode()), ("signature", signature):
                    Path(folder, file).write_bytes(body)
                command = "openssl pkeyutl -verify -pubin -inkey key -rawin -in text -sigfile signature"
                good &= subprocess.run(command.split(), cwd=folder, capture_output=True).returncode == 0
            below += f"\u2014 {vkey.split('+')[0]} {b64encode(bytes.fromhex(vkey.split('+')[1]) + signature).decode()}\n"
        return good and self.body == f"{self.text}\n{below}"
def node(left, right):
    return sha256(b"\1" + left + right).digest()
def roots(old, size, proof, begin=None):
    """The roots, of the older and of the newer tree, that a proof leads to (RFC 9162, 2.1.4)."""
    if old == size:
        return [begin or proof.pop(0)] * 2
    left = 1 << (size - 1).bit_length() - 1
    inner = roots(old, left, proof, begin) if old <= left else roots(old - left, size - left, proof)
    step = proof.pop(0)
    return [inner[0], node(inner[1], step)] if old <= left else [node(step, one) for one in inner]
class Bundle:
    def __init__(self, folder, key, kept):
        self.folder, self.key, self.notes, self.keys, self.erased = Path(folder), key, kept, [], {}
        self.size, self.peaks, self.roots, self.heads, self.origin = 0, [], {}, {}, None
        self.cited, self.there = ([bytearray() for _ in range(256)] for _ in "ct")  # digests, by first byte
    def files(self):
        """Each file is what SHA256SUMS and its own name say, and no other is there; reads the checkpoints."""
        for count, line in enumerate((self.folder / "SHA256SUMS").open(newline="\n"), 1):
            path, digest, known = line[66:-1], sha256(), LAYOUT.fullmatch(line[66:-1])
            require(known, f"line {count} of SHA256SUMS is of a file that does not belong there: {path!a}")
            with (self.folder / path).open("rb") as file:
                for block in iter(lambda: file.read(1 << 20), b""):
                    digest.update(block)
            said = known[known.lastindex or 0]
            require(line == f"{digest.hexdigest()}  {path}\n" and said in (path, digest.hexdigest()), f"{path} was altered")
            self.there[digest.digest()[0]] += b"" if said == path else path[:1].encode() + digest.digest()
            self.notes += [Note(path, (self.folder / path).read_bytes().decode())] if path.startswith("checkpoint") else []
        require(sum(len(one[2]) for one in os.walk(self.folder)) == count + 1, "files are there that SHA256SUMS does not list")
        require((self.folder / "README.txt").read_bytes() == __doc__.encode(), "README.txt is not that of this program")
        require((self.folder / "verify.py").read_bytes() == Path(__file__).read_bytes(), "verify.py is not this program")
    def text(self, digest):
        body = (self.folder / "texts" / digest[:2] / digest).read_bytes()
        require(sha256(body).hexdigest() == digest, f"the text {digest} was altered")
        return json.loads(body[16:])
    def lines(self):
        """Each line is canonical and the next of its stream, and what it cites is there; takes the roots."""
        for line in (self.folder / "log.jsonl").open("rb"):
            if b'"event":"erased"' in line:  # a later line says what was erased, and what stands there
                for one in self.text((said := json.loads(line))["content"]):
                    self.erased[said["agreement"], one["entry"], one["part"]] = one["digest"]
        self.roots = dict.fromkeys(note.size for note in self.notes)
        for line in (self.folder / "log.jsonl").open("rb"):
            self.line(json.loads(line), line, sha256(line[:-1]).hexdigest())
            leaf, size, self.size = sha256(b"\0" + line[:-1]).digest(), self.size, self.size + 1
            while size & 1:
                leaf, size = node(self.peaks.pop(), leaf), size >> 1
            self.peaks.append(leaf)
            if self.size in self.roots:
                self.roots[self.size] = functools.reduce(lambda right, left: node(left, right), self.peaks[::-1])
        for pair in zip(self.cited, self.there):
            cited, there = ({bytes(one[at:at + 33]) for at in range(0, len(one), 33)} for one in pair)
            require(cited == there, f"cited and gone, or cited by no line: {[one[1:].hex() for one in cited ^ there]}")
    def line(self, said, line, digest):
        again = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        require(f"{again}\n".encode() == line, f"line {self.size + 1} of log.jsonl is no canonical JSON")
        stream, n, origin = said["agreement"], said["n"], f"lifecycle/{said['program']}/{digest[:16]}"
        (last, head), self.origin = self.heads.get(stream, (0, None)), self.origin or origin
        require((n, said["prev"], origin[:-16]) == (last + 1, head, self.origin[:-16]),
                f"line {self.size + 1} of log.jsonl is not the one after line {last} of {stream}, or of another program")
        self.heads[stream] = n, digest
        there = {part: self.erased.get((stream, n, part), said.get(part)) for part in PARTS}
        if said["event"] == "attached":
            there["attachment"] = there["attachment"] or self.text(there["content"])["sha256"]
        if said["event"] == "key_changed":
            self.keys.append((self.size, self.text(said["content"])["key"]))
        for part in filter(there.get, there):
            self.cited[int(there[part][:2], 16)] += PARTS[part] + bytes.fromhex(there[part])
    def checkpoints(self):
        """Roots are those of the lines; the keys that lines name signed, and each handed over to the next."""
        [newest], keys = [note for note in self.notes if note.file == "checkpoint"], [vkey for _, vkey in self.keys]
        require(newest.size == self.size, f"log.jsonl has {self.size} lines, and the checkpoint covers {newest.size}")
        require((self.folder / "key.pub").read_bytes().decode() == file_of(keys[-1]), "key.pub is not the log's last key")
        for note in self.notes:
            signers = [vkey for at, vkey in self.keys if at < note.size][-1 - len(note.next):]
            require((note.origin, note.root) == (self.origin, self.roots.get(note.size)),
                    f"the {note.size} lines of {note.file} were changed or cut off, or are another log's")
            require(note.is_signed(signers) and note.next == signers[1:], f"{note.file} is not signed by the log's key")
            if note.file[:12] == "checkpoints/":
                proof = (self.folder / "proofs" / f"{note.file[12:]}.consistency").read_bytes().decode()
                steps = [b64decode(code) for code in proof.partition("\n\n")[0].split("\n")[1:]]
                again = f"old {note.size}\n" + "".join(f"{b64encode(step).decode()}\n" for step in steps) + f"\n{newest.body}"
                require([again, *roots(note.size, self.size, steps, note.root), *steps] == [proof, note.root, newest.root],
                        f"the proof for {note.file} does not hold")
        older = {note.file[12:] for note in self.notes if note.file[:12] == "checkpoints/"}
        require(older == {path.stem for path in (self.folder / "proofs").glob("*")}, "proofs are of other checkpoints")
        require(not self.key or {vkey for note in self.notes for vkey in note.next} >= set(keys[keys.index(self.key) + 1:]),
                "a key took over that the one before it did not name")

def main(arguments):
    try:
        options, rest = getopt.gnu_getopt(arguments, "", ["key=", "checkpoint="])
        [key] = [Path(file).read_bytes().decode() for name, file in options if name == "--key"] or [""]
        kept = [Note(f"the older {file}", Path(file).read_bytes().decode()) for name, file in options if name == "--checkpoint"]
        bundle = Bundle(*rest or [Path(__file__).parent], key.split("\n")[0], kept)
        require(not key or key == file_of(bundle.key), "that is no public key, as lifecycle log key export writes it")
    except Exception as error:
        return print(f"{error!a}\n\n{__doc__}", file=sys.stderr) or 2
    files = [Path(top, name) for top, _, names in os.walk(bundle.folder) for name in names]
    if strange := [str(file) for file in files if file.is_symlink() or not file.is_file()]:
        return print(f"FINDING: these are no ordinary files, and nothing was read: {strange!a}") or 1
    found = not key and not print("NOT ANCHORED: who made all this made its key, too; name one from elsewhere with --key")
    for step in bundle.files, bundle.lines, bundle.checkpoints:
        try:
            step()
        except Exception as error:
            found = not print(f"FINDING: {str(error)!a} ({type(error).__name__}). {step.__doc__}")
    print(f"{bundle.size} lines, {len(bundle.notes)} checkpoints, {len(bundle.erased)} texts erased")
    return int(found)
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
