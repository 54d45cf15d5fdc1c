"""Bundles: a sealed log as a folder that anybody can verify without this program.

`writing` makes one, `reading` takes it as evidence, `findings` says what is wrong with it, `layout`
knows what it consists of. `verify.py` is copied into each: it is an auditor's own, imports nothing
of ours, and nothing of ours imports it. docs/log-format.md says what a bundle holds.
"""
