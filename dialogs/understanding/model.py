"""Linear models over hashed features: small tables of weights, read once, that turn a text into scores."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

LARGEST = 127
"""The largest weight, as a whole number of a byte; a head's scale says what it stands for."""


class ModelError(Exception):
    """There is no model for a locale. The message says which command makes it."""


class Block:
    """The weights of one kind of features.

    keys: the hashes of the known features, sorted, uint32 of shape (n,). worth: what each one counts before all are
    brought to length 1, float32 of shape (n,). rows: its weight for each head, int8 of shape (n, heads).
    """

    def __init__(self, keys: npt.NDArray[np.uint32], worth: Floats, rows: npt.NDArray[np.int8]) -> None:
        """Take the table; the arrays are kept as they are."""
        self.keys = keys
        self.worth = worth
        self.rows = rows

    def scores(self, many: Sequence[set[int]]) -> Floats:
        """Return the summed weights of each set of features, brought to length 1: float32 of shape (sets, heads)."""
        wanted = np.fromiter((feature for features in many for feature in features), np.uint32)
        owner = np.repeat(np.arange(len(many)), [len(features) for features in many])
        places = np.searchsorted(self.keys, wanted)
        places[places == len(self.keys)] = 0
        known = self.keys[places] == wanted
        places, owner = places[known], owner[known]
        worth = self.worth[places]
        lengths = np.sqrt(np.bincount(owner, np.square(worth), len(many)))
        worth = (worth / lengths[owner]).astype(np.float32)
        if len(many) == 1:
            return np.asarray(worth @ self.rows[places])[None, :]
        total = np.zeros((len(many), self.rows.shape[1]), np.float32)
        np.add.at(total, owner, worth[:, None] * self.rows[places])
        return total


class Linear:
    """One or more blocks that score the same heads, and where each head begins."""

    def __init__(self, blocks: Sequence[Block], heads: Sequence[str], scale: Floats, bias: Floats) -> None:
        """Take the blocks, the names of the heads, and each head's scale and bias, float32 of shape (heads,)."""
        self.blocks = tuple(blocks)
        self.heads = tuple(heads)
        self.scale = scale
        self.bias = bias

    def scores(self, *blocks: Sequence[set[int]]) -> Floats:
        """Return the log-odds of every head for many texts, given the features of each for each block.

        The shape is (texts, heads).
        """
        scored: Floats = np.broadcast_to(self.bias, (len(blocks[0]), len(self.heads)))
        for block, own in zip(self.blocks, blocks, strict=True):
            scored = scored + block.scores(own) * self.scale
        return scored

    def part(self, scores: Floats, of: str) -> dict[str, float]:
        """Return the scores of the heads named "of:..." by what follows the colon."""
        return {
            head.partition(":")[2]: float(score)
            for head, score in zip(self.heads, scores, strict=True)
            if head.startswith(f"{of}:")
        }


class Models:
    """What is trained for one locale: the model of whole texts, the model of tokens, and the thresholds."""

    def __init__(self, texts: Linear, names: Linear, thresholds: Mapping[str, float], made_of: str = "") -> None:
        """Take the models. thresholds: the log-odds from which on danger is taken to be there, by head.

        made_of: a digest of the labelled lines and of the code that they were trained with.
        """
        self.made_of = made_of
        self.texts = texts
        self.names = names
        self.thresholds = thresholds

    @classmethod
    def load(cls, locale: str = "en") -> "Models":
        """Return the models of a locale, read once per process. Raises ModelError when there are none."""
        return _load(locale)


@cache
def _load(locale: str) -> Models:
    path = files("dialogs") / "understanding" / "models" / f"{locale}.npz"
    if not path.is_file():
        msg = f"there is no model for the locale {locale!r}: run make models"
        raise ModelError(msg)
    return read(path)


def read(path: Traversable) -> Models:
    """Return the models in a file. Raises OSError."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return unpacked({name: arrays[name] for name in arrays.files})


def packed(models: Models) -> dict[str, npt.NDArray[Any]]:
    """Return models as named arrays, to be written to a file."""
    about: dict[str, Any] = {"thresholds": dict(models.thresholds), "made_of": models.made_of}
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, model in (("texts", models.texts), ("names", models.names)):
        about[name] = {"heads": model.heads, "blocks": len(model.blocks)}
        arrays |= {f"{name}.scale": model.scale, f"{name}.bias": model.bias}
        for n, block in enumerate(model.blocks):
            arrays |= {
                f"{name}.{n}.keys": block.keys,
                f"{name}.{n}.worth": block.worth.astype(np.float16),
                f"{name}.{n}.rows": block.rows,
            }
    arrays["about"] = np.frombuffer(json.dumps(about, sort_keys=True).encode(), np.uint8)
    return arrays


def unpacked(arrays: Mapping[str, npt.NDArray[Any]]) -> Models:
    """Return the models that `packed` made into arrays."""
    about = json.loads(arrays["about"].tobytes())

    def linear(name: str) -> Linear:
        blocks = [
            Block(
                arrays[f"{name}.{n}.keys"],
                arrays[f"{name}.{n}.worth"].astype(np.float32),
                arrays[f"{name}.{n}.rows"],
            )
            for n in range(about[name]["blocks"])
        ]
        return Linear(blocks, about[name]["heads"], arrays[f"{name}.scale"], arrays[f"{name}.bias"])

    return Models(linear("texts"), linear("names"), about["thresholds"], about.get("made_of", ""))


def write(models: Models, path: Path) -> None:
    """Write models to a file. Raises OSError."""
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **packed(models))
