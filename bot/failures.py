"""What a command says when it cannot go on: one sentence, and an exit code."""

from adapters.port import PlatformError
from bot.figures import PageError, SetsError
from bot.observability import described
from bot.settings import SettingsError
from dialogs.catalog import CatalogError
from dialogs.codec import UnreadableStateError
from dialogs.understanding.model import ModelError
from storage.errors import StorageError

FAILED = 1
MISUSED = 2


def failure_of(error: Exception) -> tuple[str, int]:
    """Return the sentence for an error, and the exit code. A bug is told by its type and place only."""
    match error:
        case PlatformError():
            return str(error), FAILED
        case SettingsError():
            return str(error), MISUSED
        case StorageError() | CatalogError() | ModelError() | UnreadableStateError() | SetsError() | PageError():
            return str(error), FAILED
        case OSError(strerror=str(reason), filename=file) if file:
            return f"{file}: {reason}.", FAILED
        case OSError(strerror=str(reason)):
            return f"the output cannot be written: {reason}.", FAILED
        case _:
            return f"something broke that should not have: {described(error)}. What was answered is kept.", FAILED
