"""Reviewing a portfolio: what is to be reclassified, how that goes on, what becomes of each (R48).

Pure: it reads through ports, and what it carries out are the use cases that there are.
"""
