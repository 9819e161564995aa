"""A wrong name is answered in one line, however many names there are."""

import pytest

import munu
from munu.base.errors import MOST_LISTED, unknown

MANY = [f"coupling_{i}" for i in range(MOST_LISTED + 1)]


def test_a_few_names_are_all_listed() -> None:
    assert str(unknown("beam", "promt", ("prompt", "delayed"), where="the source")) == (
        "unknown beam 'promt' in the source. Did you mean 'prompt'? Allowed: prompt, delayed"
    )


def test_of_many_parameters_the_nearest_are_named_and_where_the_rest_stands() -> None:
    with pytest.raises(munu.MunuError) as caught:
        munu.limit("conus-plus", parameter="charge_radius_e")
    told = str(caught.value)
    assert told.startswith(
        "unknown parameter 'charge_radius_e'. Did you mean 'charge_radius_ee' or"
    )
    assert "munu limit --help" in told
    assert "Lambda_1" not in told
    assert len(told) < 250


def test_nothing_near_is_guessed_of_nothing() -> None:
    assert "Did you mean" not in str(unknown("parameter", "xyz", MANY))
    assert "Did you mean" not in str(unknown("parameter", 3, MANY))


def test_names_that_stand_nowhere_else_are_listed_however_many() -> None:
    assert MANY[-1] in str(unknown("column", "x", MANY))
