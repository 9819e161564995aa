"""Words that follow from others: articles, and numbers of things."""

from __future__ import annotations


def with_article(noun: str) -> str:
    """Return a noun behind its indefinite article.

    Examples
    --------
    >>> with_article("limit"), with_article("envelope")
    ('a limit', 'an envelope')
    """
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def number_of(number: int, noun: str) -> str:
    """Return how many of something there are.

    Examples
    --------
    >>> number_of(1, "point"), number_of(2, "point")
    ('1 point', '2 points')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
