"""Phases of which only differences, or nothing at all, are told."""

import doctest

import numpy as np
import pytest

import munu.statistics.models.idle_phases as module
from munu.statistics.models.idle_phases import idle_phases

AXES = np.eye(6)
PLANES = [(AXES[2 * i], AXES[2 * i + 1]) for i in range(3)]


def forms_of(*sums):
    """Return forms over (1, x) of |Σ c z|² for rows c, shape (3,), of complex numbers z."""
    forms = np.zeros((len(sums), 7, 7))
    for form, weights in zip(forms, sums, strict=True):
        real = sum(w.real * PLANES[i][0] - w.imag * PLANES[i][1] for i, w in enumerate(weights))
        imaginary = sum(
            w.imag * PLANES[i][0] + w.real * PLANES[i][1] for i, w in enumerate(weights)
        )
        form[1:, 1:] = np.outer(real, real) + np.outer(imaginary, imaginary)
    return forms


def test_the_example_runs():
    assert doctest.testmod(module).failed == 0
    assert doctest.testmod(module).attempted > 0


@pytest.mark.parametrize(
    ("sums", "idle"),
    [
        ([np.array([1, 2j, 0]), np.array([0, 0, 3])], 2),
        ([np.array([1, 2j, 1 + 1j])], 1),
        ([np.array([1, 0, 0]), np.array([0, 1, 0]), np.array([0, 0, 1])], 3),
        ([np.array([1, 1, 0]), np.array([0, 1, 1]), np.array([1, 0, 1])], 1),
    ],
)
def test_as_many_phases_are_idle_as_turn_without_effect(sums, idle):
    forms = forms_of(*(one.astype(complex) for one in sums))
    found = idle_phases(forms, PLANES, 3)
    assert len(found) == idle
    # Turned to zero, whatever they were, with what they take along.
    rng = np.random.default_rng(1)
    z = rng.normal(size=3) + 1j * rng.normal(size=3)
    counts = [abs(one @ z) ** 2 for one in sums]
    both = np.concatenate([[1], np.column_stack([z.real, z.imag]).ravel()])
    assert both @ forms @ both == pytest.approx(counts)


def test_what_interferes_is_not_idle():
    forms = forms_of(np.array([1, 2j, 0]), np.array([0, 0, 3]))
    forms[0, 0, 1] = forms[0, 1, 0] = 0.3
    assert idle_phases(forms, PLANES, 3) == (2,)
    assert idle_phases(forms, PLANES, 2) == ()
