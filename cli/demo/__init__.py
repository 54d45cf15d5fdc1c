"""The demo: a story told by the program's own commands, on a sandbox of its own."""
