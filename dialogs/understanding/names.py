"""Employer and role, as the person wrote them."""

import re
from collections.abc import Mapping

MOST_WORDS = 4
ABBREVIATION = 2
_WORDS = re.compile(r"[\w&'\u2019.+/#-]*\w[+#]*")


class Names:
    """Finds the employer and the role in a line by the words around them."""

    def __init__(self, words: Mapping[str, list[str]]) -> None:
        """Take the words that stand around names in this language."""
        self._before = frozenset(words["before_employer"])
        self._ends = frozenset(words["ends"])
        self._no_names = frozenset(words["no_names"])
        self._no_roles = frozenset(words["no_roles"])
        self._role_ends = frozenset(words["role_after"])
        said_no = "|".join(re.escape(one) for one in words["after_employer"])
        self._said_no = re.compile(
            rf"^\W*((?:[\w&.'-]+ ){{0,2}}?[\w&.'-]+) (?:has |have |just )?(?:{said_no})\b", re.IGNORECASE
        )
        before = "|".join(re.escape(one) for one in sorted(words["role_before"], key=len, reverse=True))
        after = "|".join(re.escape(one) for one in words["role_after"])
        self._role = re.compile(rf"\b(?:{before}) ((?:[\w+#/&-]+ ){{1,4}}?)(?:{after})\b", re.IGNORECASE)
        self._as_role = re.compile(r"\bas an? ((?:[\w+#/&-]+ ?){1,3})", re.IGNORECASE)

    def employer(self, text: str) -> str | None:
        """Return the employer named in a line, None when no name is written."""
        said_no = self._said_no.search(text)
        if said_no and said_no.group(1).split()[0].lower() not in self._no_names:
            return said_no.group(1)
        words = [(match.group(), match.start(), match.end()) for match in _WORDS.finditer(text)]
        for number, (word, _, _) in enumerate(words):
            if word.lower() in self._before:
                name = self._name(text, words[number + 1 :])
                if name:
                    return name
        return None

    def _name(self, text: str, words: list[tuple[str, int, int]]) -> str | None:
        if words and words[0][0].lower() == "the":
            words = words[1:]
        if not words or words[0][0].lower() in self._no_names:
            return None
        last = words[0]
        for word in words[1:MOST_WORDS]:
            between = text[last[2] : word[1]]
            # "Smith & Sons", "St. Mary": but the full stop behind a whole word ends the sentence.
            joined = not between.strip(" &") or (between == ". " and len(last[0]) <= ABBREVIATION)
            if not joined or word[0].lower() in self._ends | self._role_ends:
                break
            last = word
        name = text[words[0][1] : last[2]].rstrip(".")
        return name if any(letter.isalpha() for letter in name) else None

    def role(self, text: str) -> str | None:
        """Return the role named in a line, None when none is."""
        found = self._role.search(text)
        if found:
            role = found.group(1).strip()
            if role and role.split()[0].lower() not in self._no_roles | self._no_names:
                return role
        found = self._as_role.search(text)
        if not found:
            return None
        words = found.group(1).split()
        kept = next((n for n, word in enumerate(words) if word.lower() in self._ends | self._before), len(words))
        return " ".join(words[:kept]) or None
