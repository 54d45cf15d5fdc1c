"""What each command does once its line is understood, in a module of the command's name.

`cli.commands` says what may be typed and imports click alone; the modules here import the core
and the store, and are imported only when their command runs.
"""
