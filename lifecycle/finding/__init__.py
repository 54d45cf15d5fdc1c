"""Finding agreements by what their rows don't say: texts, parties, what a next step lacks.

Pure questions about one dossier each; which agreements are asked about is decided before.
"""
