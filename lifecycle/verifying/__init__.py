"""Verifying: what an auditor asks of a log, whoever keeps it, and answers without trusting them.

`walk` goes once through the lines in the order of leaves, `checkpoints` holds roots, signatures and
what an auditor kept against it, `evidence` is what is asked of a database or an exported bundle.
"""
