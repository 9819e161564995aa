"""What munu remarks on in an experiment, and whether its file is valid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from munu.results.core.base import Result
from munu.results.core.table import Table, csv_text
from munu.results.recipe import Ingredient, RecipeResult


@final
@dataclass(frozen=True, kw_only=True)
class Warned:
    """One remark.

    Parameters
    ----------
    key : str
        Dotted key of the experiment file that it is about.
    message : str
        What is odd, with the numbers.
    """

    key: str
    message: str

    def text(self) -> str:
        """Return the remark in a line."""
        return f"Warning: {self.key}: {self.message}"


@final
@dataclass(frozen=True, kw_only=True)
class CheckResult(Result, kind="check"):
    """What goes into an experiment, and what is odd about its physics.

    Parameters
    ----------
    experiment, setup, title, ingredients
        As of a `RecipeResult`.
    warnings : tuple of Warned
    """

    experiment: str
    setup: str
    title: str
    ingredients: tuple[Ingredient, ...]
    warnings: tuple[Warned, ...]

    def _number(self) -> str:
        number = len(self.warnings)
        return f"{number or 'No'} warning{'s' * (number != 1)}."

    def summary(self) -> tuple[str, ...]:
        """Return how many warnings there are."""
        return (f"{self.experiment}, setup {self.setup}: {self._number()}",)

    def recipe(self) -> RecipeResult:
        """Return what goes into the experiment."""
        return RecipeResult(
            experiment=self.experiment,
            setup=self.setup,
            title=self.title,
            ingredients=self.ingredients,
            origin=self.origin,
        )

    def remarks(self) -> tuple[str, ...]:
        """Return a line for each warning, and their number."""
        return (*(one.text() for one in self.warnings), self._number())

    def tables(self) -> tuple[Table, ...]:
        """Return the recipe, then the warnings."""
        rows = tuple((one.key, one.message) for one in self.warnings)
        found = Table(title=self._number(), columns=("<key", "~warning"), rows=rows)
        return (*self.recipe().tables(), found)

    def to_csv(self) -> str:
        """Return one row per warning."""
        return csv_text(("key", "message"), [(one.key, one.message) for one in self.warnings])


@final
@dataclass(frozen=True, kw_only=True)
class ValidSetup:
    """One setup of a valid file.

    Parameters
    ----------
    setup, inputs_hash : str
    """

    setup: str
    inputs_hash: str


@final
@dataclass(frozen=True, kw_only=True)
class ValidationResult(Result, kind="validation"):
    """Whether an experiment's file is complete, without mistakes and taken by every command.

    Parameters
    ----------
    experiment : str
        Its identifier; the name that was asked for where the file is not valid.
    valid : bool
    setups : tuple of ValidSetup
        All of a valid file.
    mistakes : tuple of str
        Each with where it is and how to mend it.
    warnings : tuple of Warned
        Steep rows of tables.
    """

    experiment: str
    valid: bool
    setups: tuple[ValidSetup, ...]
    mistakes: tuple[str, ...]
    warnings: tuple[Warned, ...]

    def __bool__(self) -> bool:
        """Whether it is valid."""
        return self.valid

    def summary(self) -> tuple[str, ...]:
        """Return whether it is valid, or how many mistakes it has."""
        if not self.valid:
            number = len(self.mistakes)
            return (f"{self.experiment}: {number} mistake{'s' * (number != 1)}",)
        names = ", ".join(one.setup for one in self.setups)
        return (f"{self.experiment} is valid, setups {names}",)

    def tables(self) -> tuple[Table, ...]:
        """Return the setups, or the mistakes; the warnings below."""
        return (
            Table(
                title=self.summary()[0],
                columns=("<setup", "~SHA-256 of the inputs") if self.valid else ("~mistake",),
                rows=(
                    tuple((one.setup, one.inputs_hash) for one in self.setups)
                    if self.valid
                    else tuple((text,) for text in self.mistakes)
                ),
                notes=tuple(one.text() for one in self.warnings),
            ),
        )

    def to_csv(self) -> str:
        """Return one row per mistake."""
        return csv_text(("mistake",), [(text,) for text in self.mistakes])
