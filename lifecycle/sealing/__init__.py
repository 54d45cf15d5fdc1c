"""Sealing: one Merkle tree over a program's lines, its signed checkpoints, and what they prove.

`merkle` is the tree of RFC 9162, `notes` the signed note and the checkpoint of C2SP, `keys` the
public keys and who vouches for whom, `seal` makes checkpoints, `proofs` writes and reads proofs.
"""
