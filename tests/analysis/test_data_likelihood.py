"""The likelihood of data is built once for all questions about them."""

import numpy as np
import pytest

import munu
from munu.analysis.data_likelihood import likelihood_of
from munu.base.identity import Same
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions

USUAL = Assumptions()


def likelihood(name, assumptions=USUAL, **changes):
    folded = fold_experiment(munu.load(name, changes=changes) if changes else name)
    return likelihood_of(folded.experiment, folded.counts, assumptions)


def test_the_same_question_takes_the_same_likelihood():
    assert likelihood("conus-plus") is likelihood("conus-plus")
    assert likelihood("conus-plus") is likelihood("conus-plus", Assumptions(delta_cp=1.0))


@pytest.mark.parametrize("other", [Assumptions(asimov=True), Assumptions(sigma_sys=0.3)])
def test_other_data_or_uncertainties_are_another_likelihood(other):
    usual, changed = likelihood("dresden-ii"), likelihood("dresden-ii", other)
    assert usual is not changed
    signal = fold_experiment("dresden-ii").counts.sm_of_folds() * 3
    assert abs(float(usual.chi2(signal)) - float(changed.chi2(signal))) > 0.01


def test_another_value_of_the_file_is_another_likelihood():
    usual = likelihood("conus-plus")
    changed = likelihood("conus-plus", **{"target.mass": "5 kg"})
    assert usual is not changed


def test_objects_are_the_same_only_as_themselves():
    one, alike = np.zeros(2), np.zeros(2)
    assert Same(one) == Same(one)
    assert hash(Same(one)) == hash(Same(one))
    assert Same(one) != Same(alike)
    assert Same(one) != Same(one, alike)
    assert Same(one) != one
