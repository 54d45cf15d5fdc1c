"""The rules: pure predicates that say everything a transition still lacks, and the policy model.

Every guard takes one `Case` (the agreement, the program's facts, the policy and the day) and
yields all unmet conditions, each with field, rule, report section and what to do. Nothing here
reads a file, a database or a clock, and nothing here decides: that is lifecycle's.
"""
