"""The vocabulary of the lifecycle: states, triggers, the transition table, the agreement.

Owns the words and shapes that every other package speaks. Holds no rule and does no I/O;
it imports nothing else of this product.
"""
