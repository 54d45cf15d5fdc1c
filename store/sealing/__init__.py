"""Sealing in the database, and its keys in files.

`unit` and `sql` keep the tree, checkpoints and public keys; `keys` reads and writes private ones;
`evidence` is the database as evidence of its own log.
"""
