"""What a program manager sees of the whole portfolio at once: its counts, and the quick facts.

Counts and gathers only: what money, partners, reviews and choosing come to is reckoned where they
are.
"""
