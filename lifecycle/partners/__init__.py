"""Partners: who they are, what each side owed and did, and the City's role with them.

Everything is derived from documents and records as they stand, so nothing is kept twice.
"""
