"""How answers look: text for people, JSON, CSV and TOML for machines.

Everything that people read comes through `cli.output.text.clean`, so that no stored text can
speak to their terminal.
"""
