"""The shipped models are what the labelled lines make, and say so when they are missing."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dialogs.understanding.model import ModelError, Models, packed, read, unpacked
from tests.understanding.fit import ingredients, main

ROOT = Path(__file__).parents[2]

MOST_DIFFERENT = 0.002
"""The share of weights that may differ by more than a step: rounding, on another processor."""


def test_the_shipped_models_are_made_of_the_lines_and_the_code_that_are_here() -> None:
    """Who changes either and forgets `make models` is told here."""
    assert Models.load("en").made_of == ingredients(), "run make models"


@pytest.mark.long
@pytest.mark.skipif("ONWARD_TEST_MODELS" not in os.environ, reason="training takes minutes: set ONWARD_TEST_MODELS=1")
def test_the_shipped_models_are_trained_from_the_labelled_lines(tmp_path: Path) -> None:
    """The same lines always give the same weights."""
    # In a process of its own without coverage, which would make it take three times as long.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    made = tmp_path / "en.npz"
    subprocess.run([sys.executable, "-m", "tests.understanding.fit", str(made)], check=True, env=plain, cwd=ROOT)
    models, trained = Models.load("en"), read(made)
    assert trained.thresholds == pytest.approx(models.thresholds, abs=0.05), "run make models"
    shipped, anew = packed(models), packed(trained)
    assert shipped.keys() == anew.keys()
    for name, array in shipped.items():
        assert array.shape == anew[name].shape or name == "about", f"{name}: run make models"
        if array.dtype == np.int8:
            steps = np.abs(array.astype(int) - anew[name].astype(int))
            assert (steps > 1).mean() < MOST_DIFFERENT, f"{name}: run make models"
        elif name != "about":
            np.testing.assert_allclose(array, anew[name], rtol=0.01, atol=0.01, err_msg=f"{name}: run make models")


def test_a_locale_without_a_model_is_refused_with_a_sentence() -> None:
    """Danger must not go unread because a file is missing."""
    with pytest.raises(ModelError, match="no model for the locale 'xx': run make models"):
        Models.load("xx")


def test_models_come_back_from_their_file_as_they_went_in() -> None:
    """Packing and unpacking change no score."""
    models = Models.load("en")
    again = unpacked(packed(models))
    features = ([{1, 2, 3}], [set(models.texts.blocks[1].keys[:5].tolist())], [set[int]()])
    np.testing.assert_array_equal(models.texts.scores(*features), again.texts.scores(*features))
    assert again.thresholds == models.thresholds


def test_training_writes_the_file_and_tells_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make models` ends with a line that says what was written."""
    monkeypatch.setattr("tests.understanding.fit.fitted", lambda: Models.load("en"))
    said: list[str] = []
    assert main(tmp_path / "en.npz", said.append) == 0
    assert said == [f"en.npz: {(tmp_path / 'en.npz').stat().st_size / 1e6:.1f} MB"]
