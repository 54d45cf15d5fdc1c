"""What agreements brought: progress against targets, the annual report, the business plan.

`progress` holds indicators and milestones against what was recorded; `running` says when which term
of an agreement ran, and by which document; `year` makes one agreement's report on a year, `program`
that of all of them, `plan` the division's plan for a year to come. Pure functions over what
`lifecycle.dossiers` hands out: every figure carries the lines that it follows from, and nothing is
guessed: what was not recorded is told as missing.
"""
