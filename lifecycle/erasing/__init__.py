"""Erasing what people wrote, so that every check stays valid.

`erase` is the use case; `erasable` finds the texts and says what will stand in their place,
`redacting` takes words out of them, `restating` finds what that makes of the agreement.
"""
