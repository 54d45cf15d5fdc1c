"""Problems with an input, and the error that carries them."""

from states.problem import InvalidInputError, Problem


def test_error_carries_every_problem_and_says_them_in_order() -> None:
    """Nothing of what is wrong is lost on the way to whoever prints it."""
    problems = [Problem("a", "first"), Problem("b", "second", key="term.end")]
    error = InvalidInputError(iter(problems))
    assert error.problems == tuple(problems)
    assert str(error) == "first; second"
