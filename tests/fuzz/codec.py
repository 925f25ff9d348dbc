"""Stored journeys that were damaged."""

import json
import re
from random import Random

from dialogs.codec import VERSION, UnreadableStateError, decode, encode
from dialogs.journey import Journey
from tests.fuzz import mutators
from tests.fuzz.real import stored
from tests.fuzz.target import Made, Target, declared, holds

SAYS = re.compile(
    r"a stored state has version \d+, and this program reads up to \d+: run a newer release"
    r"|a stored state is damaged: restore it from a backup, or erase that person's journey"
)
"""Everything that may be said about a state that cannot be read."""


class Codec(Target):
    """Bytes are a journey, which can be stored again, or they cannot be read, and nothing in them is told."""

    name = "codec"
    takes_bytes = True

    def make(self, random: Random) -> Made:
        """Return a stored journey with some bytes changed, or with changes in the values that it holds."""
        given = random.choice(stored())
        if random.random() < 0.5:
            return mutators.data(random, given)
        outer = json.loads(given)
        if random.random() < 0.3:
            outer["v"] = random.choice((1, VERSION, VERSION + 1))
        changed = {**outer, "state": mutators.mutated(random, outer["state"])}
        return json.dumps(changed if random.random() < 0.9 else mutators.mutated(random, outer)).encode()

    def check(self, made: Made) -> None:
        """Check what becomes of the bytes."""
        try:
            journey = decode(made)
        except UnreadableStateError as error:
            told = str(error)
            holds(SAYS.fullmatch(told), "an error tells what is in a state")
            holds(error.__cause__ is None, "an error carries another one that may quote a state")
            self.reached.add("damaged" if "damaged" in told else "newer")
            return
        declared(journey, Journey)
        holds(decode(encode(journey)) == journey, "a journey that was read cannot be stored again")
        self.reached.add(journey.step.value)
