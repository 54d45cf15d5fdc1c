"""Measures the engine against its yardsticks; see run.py."""
