"""The command line: click commands, output, the clock, the editor, the log of bugs.

Owns what the other packages never touch: terminals, files, the time, who is logged in. Holds no
rule and no SQL: it opens a store, hands an order to a use case of `lifecycle` and prints what
comes back.
"""
