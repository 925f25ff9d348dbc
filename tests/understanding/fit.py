"""Train the models from the labelled lines: `make models`. The same lines always give the same models."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from random import Random

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from dialogs.catalog import Catalog
from dialogs.understanding import names
from dialogs.understanding.model import LARGEST, Block, Linear, Models, write
from dialogs.understanding.seen import Eyes, Features
from tests.understanding.sets import Row, learnt

DIALOGS = Path(__file__).parents[2] / "dialogs"
MODEL = DIALOGS / "understanding" / "models" / "en.npz"
SEEING = ("features", "names", "normal", "seen", "senses", "sentences")
"""The modules that decide what the models see of a text."""

SEED = 20261123
FEWEST = 2
"""A feature that fewer texts have is left out."""

FALSE_ALARMS = {"any": 0.093, "clear": 0.045}
"""The share of hard harmless lines that may be taken for danger, of any level and of the clear one, in training."""

HELD_BACK = 0.33
"""The share of lines that the heads which set the thresholds do not learn from."""

DANGER_LINES, OTHER_LINES, TOLD, HARMLESS = 4.0, 6.0, 1.0, 0.6
"""What a line counts that has danger, and one that was not written about danger at all; a hard harmless line counts 1.

Then what the worst stretch of a line with danger counts, and each stretch of a harmless line.
"""

READINESS = 1.0
"""The log-odds by which a name is preferred to none: a name that is missed costs more than one too much."""

SWAPS = 6
"""How many further lines each line with names gives, with names of other lines in their place."""

Many = Sequence[set[int]]


class Vocabulary:
    """The features that enough texts have, and what each is worth."""

    def __init__(self, texts: Many, fewest: int, *, rare_count_more: bool) -> None:
        """Count the features of texts."""
        counts = Counter(feature for features in texts for feature in features)
        self.keys = np.array(sorted(key for key, count in counts.items() if count >= fewest), np.uint32)
        seen_in = np.array([counts[key] for key in self.keys.tolist()])
        worth = np.log((1 + len(texts)) / (1 + seen_in)) + 1 if rare_count_more else np.ones(len(self.keys))
        self.worth = worth.astype(np.float16).astype(np.float32)

    def matrix(self, texts: Many) -> sparse.csr_matrix:
        """Return texts as rows of length 1."""
        counts = [len(features) for features in texts]
        wanted = np.fromiter((feature for features in texts for feature in features), np.uint32, sum(counts))
        owner = np.repeat(np.arange(len(texts)), counts)
        places = np.searchsorted(self.keys, wanted)
        places[places == len(self.keys)] = 0
        known = self.keys[places] == wanted
        places, owner = places[known], owner[known]
        worth = self.worth[places].astype(np.float64)
        lengths = np.sqrt(np.bincount(owner, np.square(worth), len(texts)))
        rows = sparse.csr_matrix((worth / lengths[owner], (owner, places)), shape=(len(texts), len(self.keys)))
        rows.sort_indices()  # sets have no order, and the same lines are to give the same models
        return rows


class Texts:
    """All texts as features, seen once."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Take every text that is learnt from."""
        self._eyes = Eyes.of(Catalog.load("en"))
        self._seen: dict[str, Features] = {}
        for text in texts:
            self.of(text)
        blocks = zip(*self._seen.values(), strict=True)
        self.vocabularies = [Vocabulary(block, FEWEST, rare_count_more=True) for block in blocks]

    def of(self, text: str) -> Features:
        """Return the features of a text."""
        if text not in self._seen:
            self._seen[text] = self._eyes.see(text)
        return self._seen[text]

    def matrix(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return texts as rows."""
        return self.rows([self.of(text) for text in texts])

    def stretches(self, text: str) -> list[Features]:
        """Return the features of the stretches of a text."""
        return self._eyes.look_closely(text)[1:]

    def rows(self, texts: Sequence[Features]) -> sparse.csr_matrix:
        """Return features of texts as rows."""
        seen = zip(*texts, strict=True)
        blocks = [known.matrix(block) for known, block in zip(self.vocabularies, seen, strict=True)]
        return sparse.hstack(blocks).tocsr()


Head = tuple[np.ndarray, float]


def one_head(rows: sparse.csr_matrix, right: np.ndarray, strength: float, weights: np.ndarray | None = None) -> Head:
    """Return the weights and the bias that tell the rows where `right` is true from the others."""
    fitted = _told_apart(strength).fit(rows, right, sample_weight=weights)
    return fitted.coef_[0], float(fitted.intercept_[0])


def _told_apart(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, solver="liblinear", random_state=SEED, max_iter=300, tol=CLOSE_ENOUGH)


def each_head(texts: Texts, lines: Sequence[tuple[str, str]], of: str, strength: float) -> dict[str, Head]:
    """Return a head for each label of (text, label) lines; all labels count the same, however many lines they have."""
    rows = texts.matrix([text for text, _ in lines])
    labels = np.array([label for _, label in lines])
    counts = Counter(labels.tolist())
    weights = np.array([len(lines) / len(counts) / counts[label] for label in labels.tolist()])
    return {f"{of}:{label}": one_head(rows, labels == label, strength, weights) for label in sorted(counts)}


class Dangers:
    """Lines with and without danger, whole and in stretches.

    Where a line has danger, one of its stretches does, and it is not said which; where it has none, no stretch does.
    So the head is fitted to whole lines first, and then to whole lines, the stretch of each that it finds worst, and
    all harmless stretches.
    """

    def __init__(self, texts: Texts, dangers: Sequence[Row], others: Sequence[str]) -> None:
        """Take labelled lines, and further lines that are harmless."""
        lines = [row["text"] for row in dangers] + list(others)
        parts = [(n, part) for n, line in enumerate(lines) for part in texts.stretches(line)]
        self.whole = texts.matrix(lines)
        self.parts = texts.rows([part for _, part in parts])
        self.line_of = np.array([n for n, _ in parts])
        self.labelled = np.arange(len(lines)) < len(dangers)

    def head(self, right: np.ndarray, among: np.ndarray) -> Head:
        """Return the head that tells the lines where `right` is true, fitted to those in the mask `among`."""
        weights = np.where(right, DANGER_LINES, np.where(self.labelled, 1.0, OTHER_LINES))
        first = one_head(self.whole[among], right[among], DANGER, weights[among])
        scored = self.parts @ first[0]
        worst = np.full(len(right), -np.inf)
        np.maximum.at(worst, self.line_of, scored)
        told = among[self.line_of] & right[self.line_of] & (scored == worst[self.line_of])
        harmless = among[self.line_of] & ~right[self.line_of]
        rows = sparse.vstack([self.whole[among], self.parts[told], self.parts[harmless]]).tocsr()
        labels = np.concatenate([right[among], np.ones(told.sum(), bool), np.zeros(harmless.sum(), bool)])
        weights = np.concatenate([weights[among], np.full(told.sum(), TOLD), np.full(harmless.sum(), HARMLESS)])
        return one_head(rows, labels, DANGER, weights)

    def scores(self, head: Head) -> np.ndarray:
        """Return the score of each line: as the reader takes it, half on the whole, half at its worst."""
        whole = self.whole @ head[0]
        worst = whole.copy()
        np.maximum.at(worst, self.line_of, self.parts @ head[0])
        scored: np.ndarray = (whole + worst) / 2 + head[1]
        return scored


def danger_heads(
    texts: Texts, dangers: Sequence[Row], others: Sequence[str]
) -> tuple[dict[str, Head], dict[str, float]]:
    """Return the heads for any danger, clear danger and somebody else's, and the thresholds of the first two."""
    lines = Dangers(texts, dangers, others)
    levels = np.array([row["danger"] for row in dangers] + ["none"] * len(others))
    hard = lines.labelled & (levels == "none")
    heads: dict[str, Head] = {}
    thresholds: dict[str, float] = {}
    for name, right in (("any", levels != "none"), ("clear", levels == "danger")):
        heads[f"danger:{name}"] = lines.head(right, np.ones(len(right), bool))
        among = np.zeros(len(right), bool)
        among[train_test_split(np.arange(len(right)), test_size=HELD_BACK, stratify=levels, random_state=SEED)[0]] = (
            True
        )
        unseen = lines.scores(lines.head(right, among))[hard & ~among]
        thresholds[name] = float(np.quantile(unseen, 1 - FALSE_ALARMS[name]))
    in_danger = np.flatnonzero(levels != "none")
    about_other = np.array([row["about"] == "other" for row in dangers])[in_danger]
    heads["about:other"] = one_head(lines.whole[in_danger], about_other, OTHERS)
    return heads, thresholds


def mail_heads(texts: Texts, letters: Sequence[Row], chat: Sequence[str]) -> dict[str, Head]:
    """Return the heads for being an e-mail at all, and for being a rejection if it is one."""
    rows = texts.matrix([row["text"] for row in letters] + list(chat))
    is_mail = np.arange(rows.shape[0]) < len(letters)
    weights = np.where(is_mail, len(chat) / len(letters), 1.0)
    rejects = np.array([row["rejection_email"] for row in letters])
    return {
        "mail:any": one_head(rows, is_mail, MAILS, weights),
        "mail:rejection": one_head(rows[: len(letters)], rejects, MAILS),
    }


CLOSE_ENOUGH = 0.01
"""When fitting ends: a tenth of it takes half as long again, and changes no figure."""

INTENTS, FEELINGS, DANGER, OTHERS, MAILS, SENTENCES, NAMES = 30.0, 30.0, 3.0, 30.0, 30.0, 30.0, 0.4
"""How closely each kind of head follows its lines (the inverse strength of regularisation)."""


def table(heads: Mapping[str, Head], sizes: Sequence[int]) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Return the weights of heads as bytes, cut into blocks of the given sizes, with scales and biases."""
    weights = np.stack([weight for weight, _ in heads.values()], axis=1)
    scale = (np.abs(weights).max(axis=0) / LARGEST).astype(np.float32)
    small = np.rint(weights / scale).astype(np.int8)
    bias = np.array([bias for _, bias in heads.values()], np.float32)
    return np.split(small, np.cumsum(sizes)[:-1]), scale, bias


def packed(heads: Mapping[str, Head], vocabularies: Sequence[Vocabulary]) -> Linear:
    """Return heads as a model, without the features that say nothing."""
    parts, scale, bias = table(heads, [len(vocabulary.keys) for vocabulary in vocabularies])
    blocks = [Block(v.keys, v.worth, part) for v, part in zip(vocabularies, parts, strict=True)]
    return Linear(blocks, tuple(heads), scale, bias)


def answers() -> list[str]:
    """Return every phrase that the words list as an answer or a command: none of them is ever danger."""
    catalog = Catalog.load("en")
    listed = [phrase for _, phrases in catalog.choice_phrases() for phrase in phrases]
    return [*listed, *(phrase for phrases in catalog.understood["commands"].values() for phrase in phrases)]


def text_model() -> tuple[Linear, dict[str, float]]:
    """Return the model of whole texts, and the thresholds for danger."""
    intents, feelings, dangers = learnt("intents"), learnt("feelings"), learnt("danger")
    letters, entities = learnt("mails"), learnt("entities")
    about_mails = [row for row in letters if row["rejection_email"] is None]
    letters = [row for row in letters if row["rejection_email"] is not None]
    chat = [row["text"] for row in (*intents, *feelings, *entities, *about_mails)]
    texts = Texts([*chat, *(row["text"] for row in (*dangers, *letters))])
    heads = each_head(texts, [(row["text"], row["label"]) for row in intents], "intent", INTENTS)
    heads |= each_head(texts, [(row["text"], row["label"]) for row in feelings], "feeling", FEELINGS)
    danger, thresholds = danger_heads(texts, dangers, [*chat, *answers(), *(row["text"] for row in letters)])
    heads |= danger
    heads |= mail_heads(texts, letters, chat)
    parts = [(part["text"], part["kind"]) for row in letters for part in row.get("sentences") or ()]
    heads |= each_head(texts, parts, "sentence", SENTENCES)
    return packed(heads, texts.vocabularies), thresholds


def with_other_names(lines: Sequence[Row], rng: Random) -> list[Row]:
    """Return lines together with copies that name other employers and roles, so that what stands around them counts."""
    pools = {name: sorted({row[name] for row in lines if row[name]}) for name in ("employer", "role")}
    found = []
    for row in lines:
        found.append(row)
        if row["text"] != row["text"].lower():
            found.append({key: value and value.lower() for key, value in row.items()})
        found += [_swapped(row, {name: rng.choice(pool) for name, pool in pools.items()}) for _ in range(SWAPS)]
    return found


def _swapped(row: Row, new: Mapping[str, str]) -> Row:
    quiet = row["text"] == row["text"].lower()
    named = {name: new[name].lower() if quiet else new[name] for name in new if row[name]}
    text: str = row["text"]
    for mark, name in zip("\x00\x01", named, strict=False):
        text = text.replace(row[name], mark, 1)
    for mark, name in zip("\x00\x01", named, strict=False):
        text = text.replace(mark, named[name])
    return {"text": text, "employer": None, "role": None} | named


def tags_of(text: str, named: Mapping[str, str | None]) -> list[int]:
    """Return the tag of each word of a labelled line, for training."""
    spans = names.words(text)
    tags = [0] * len(spans)
    for name in ("employer", "role"):
        start = text.find(named[name] or "") if named[name] else -1
        if start < 0:
            continue
        inside = [
            n for n, (_, begin, end) in enumerate(spans) if begin < start + len(named[name] or "") and end > start
        ]
        for place, n in enumerate(inside):
            tags[n] = names.TAGS.index(name) + (1 if place else 0)
    return tags


def name_model() -> Linear:
    """Return the model of tokens, which finds names."""
    lines = with_other_names(learnt("entities"), Random(SEED))  # noqa: S311 - nothing secret, and the same each time
    seen = [features for row in lines for features in names.features(names.words(row["text"]))]
    tags = np.array([tag for row in lines for tag in tags_of(row["text"], row)])
    vocabulary = Vocabulary(seen, FEWEST, rare_count_more=False)
    fitted = LogisticRegression(C=NAMES * 25, max_iter=300).fit(vocabulary.matrix(seen), tags)
    heads = {f"tag:{name}": (fitted.coef_[n], float(fitted.intercept_[n])) for n, name in enumerate(names.TAGS)}
    return packed(heads, [vocabulary])


def fitted() -> Models:
    """Return all models, trained anew."""
    texts, thresholds = text_model()
    return Models(texts, name_model(), thresholds | {"names": READINESS}, ingredients())


def ingredients() -> str:
    """Return a digest of everything that decides what the models become: the labelled lines and the code."""
    folder = Path(__file__).parent
    code = [folder / "fit.py", folder / "sets.py", DIALOGS / "wordings" / "en" / "senses.toml"]
    code += [DIALOGS / "understanding" / f"{name}.py" for name in SEEING]
    digest = blake2b(digest_size=16)
    for path in (*code, *sorted((folder / "train").glob("*.jsonl"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def main(path: Path = MODEL, say: Callable[[str], object] = print) -> int:
    """Train, write the file, and say its size."""
    write(fitted(), path)
    say(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else MODEL))
