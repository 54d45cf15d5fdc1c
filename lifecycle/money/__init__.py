"""Money of a portfolio: what is budgeted, committed and spent, and what closes a gap (R50, R51).

Pure functions over dossiers. Each currency is counted by itself, and nothing is decided here.
"""
