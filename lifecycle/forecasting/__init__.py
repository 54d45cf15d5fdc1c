"""What becomes of the portfolio year by year, as things stand and if something were otherwise.

Pure functions over dossiers: how each agreement is assumed to go on (`lives`), what that makes of a
year (`years`), and what may be asked (`asking`). Nothing is decided, and nobody is assumed to
decide otherwise than is said.
"""
