"""A call that Python refuses is answered in one line, and all others are as they were."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field

import pytest

from munu.base.calls import checked_call, checked_construction
from munu.base.errors import MunuError
from munu.base.options import option


@checked_call
def scaled(number: float, /, *further: float, factor: float, unit: str = "") -> str:
    """Return numbers times a factor."""
    return " ".join(f"{factor * one:g}{unit}" for one in (number, *further))


@checked_call
def open_to_all(experiment: str, **options: float) -> int:
    """Return how many options there are."""
    return len(experiment) + len(options)


@checked_construction
@dataclass(frozen=True)
class Chosen:
    """Recoils, which functions call channels."""

    recoils: str = field(default="all", metadata=option(help="Recoils.", keyword="channels"))

    @checked_call
    def are(self, recoils: str) -> bool:
        """Whether they are these."""
        return self.recoils == recoils

    @classmethod
    @checked_call
    def of(cls, recoils: str) -> Chosen:
        """Return these."""
        return cls(recoils)


def test_a_call_that_is_allowed_is_as_before() -> None:
    assert scaled(1.0, 2.0, factor=3.0, unit=" kg") == "3 kg 6 kg"
    assert open_to_all("ab", c=1.0) == 3
    assert Chosen.of(recoils="nuclear").are("nuclear")
    assert Chosen("nuclear") == Chosen(recoils="nuclear")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: scaled(1.0, factr=2.0),
            "unknown keyword 'factr' in scaled. Did you mean 'factor'? "
            "Allowed: number, *further, factor, unit",
        ),
        (
            lambda: scaled(1.0),
            "missing a required argument: 'factor' in scaled. "
            "It takes number, *further, factor, unit",
        ),
        (
            lambda: open_to_all("a", "b"),
            "too many positional arguments in open_to_all. It takes experiment, **options",
        ),
        (
            lambda: open_to_all("a", experiment="b"),
            "multiple values for argument 'experiment' in open_to_all. "
            "It takes experiment, **options",
        ),
        (
            lambda: Chosen(recoil="all"),
            "unknown keyword 'recoil' in Chosen. Did you mean 'recoils'? Allowed: recoils",
        ),
        (
            lambda: Chosen(channels="all"),
            "unknown keyword 'channels' in Chosen. Did you mean 'recoils'? Allowed: recoils",
        ),
        (
            lambda: Chosen().are(those="all"),
            "unknown keyword 'those' in Chosen.are. Allowed: recoils",
        ),
        (
            lambda: Chosen.of(),
            "missing a required argument: 'recoils' in Chosen.of. It takes recoils",
        ),
        (
            lambda: checked_call(_nothing)(what=1),
            "unknown keyword 'what' in _nothing. It takes no arguments",
        ),
    ],
)
def test_one_that_is_not_is_answered_in_one_line(call, message) -> None:
    with pytest.raises(MunuError) as refused:
        call()
    assert str(refused.value) == message
    assert refused.value.__context__ is None


def _nothing() -> None:
    """Do nothing."""


def test_errors_of_the_work_itself_go_through() -> None:
    with pytest.raises(TypeError, match="can't multiply"):
        scaled(1.0, factor="a")
    with pytest.raises(MunuError, match="of its own"):
        checked_call(_refused)()


def _refused() -> None:
    raise MunuError("of its own")


def test_a_function_looks_like_itself() -> None:
    assert scaled.__name__ == "scaled"
    assert inspect.getdoc(scaled) == "Return numbers times a factor."
    assert list(inspect.signature(scaled).parameters) == ["number", "further", "factor", "unit"]
    assert list(inspect.signature(Chosen).parameters) == ["recoils"]
