"""Looks at what the program needs beside its database, a theme a file; `overview` orders them.

Nothing here writes or asks the network.
"""
