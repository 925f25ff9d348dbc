"""`python -m tests.dialogs.schema`: the schema of the exported file, in docs/, from the structs that make it."""

import sys
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec

from dialogs.exported import Export

FILE = Path(__file__).parents[2] / "docs" / "export.schema.json"


def schema() -> dict[str, Any]:
    """Return the schema."""
    made = msgspec.json.schema(Export)
    for part in made["$defs"].values():
        part["description"] = cleandoc(part["description"])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def text() -> str:
    """Return the schema as the file has it."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"


def main() -> None:
    """Write the file."""
    FILE.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"docs/{FILE.name} is written.\n")


if __name__ == "__main__":
    main()
