"""Taking over a portfolio from a table (R30, R32, R46 to R48).

`columns` says which column is what, `reading` what a row states, `table` takes the rows over.
"""
