"""Choosing among proposals: their weighted totals, their ranking, and what became of requests.

`weighing` adds up one score sheet, `ranking` puts open proposals side by side. `judged` tells from
the log how each proposal was decided; `consistency` holds these decisions against each other and
against the rules then in force, and `requests` counts them by year. `prioritising` keeps the
priority partnerships of a year to as many as the policy says. Nothing here decides on a proposal.
"""
