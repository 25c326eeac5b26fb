"""Why something is not taken in: a status, a code for programs, and a message that says what to do."""

from __future__ import annotations


class BouncedError(Exception):
    """A request that is refused. `retry` is the number of seconds after which another try makes sense; 0 where none does."""

    def __init__(self, status: int, code: str, message: str, retry: int = 0) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.retry = status, code, message, retry


def unknown() -> BouncedError:
    """No such plan."""
    return BouncedError(404, "unknown", "There is no plan at this address. Open the plan again from the link that you were given.")


def gone() -> BouncedError:
    """A plan whose link was changed, or that was taken down."""
    return BouncedError(410, "gone", "The link of this plan was changed. Ask the person who sent it to you for the new one.")


def ended() -> BouncedError:
    """A plan that takes in nothing any more."""
    return BouncedError(410, "ended", "This plan has ended and takes in nothing any more. Write to the person who sent it to you.")


def not_allowed() -> BouncedError:
    """An act that the plan does not offer on that item."""
    return BouncedError(403, "not-allowed", "The plan does not take this here any more. Reload the page and look at it again.")


def conflict() -> BouncedError:
    """Another body with an id that was used before."""
    return BouncedError(422, "conflict", "Something else was sent under the same number before. Reload the page and send it again.")


def too_often(seconds: int) -> BouncedError:
    """Too many submissions in a window of time."""
    return BouncedError(429, "too-often", f"Too much was sent at once. Wait {seconds} seconds, then send it again.", seconds)


def too_large(what: str) -> BouncedError:
    """Anything that is beyond a limit; `what` says which, as a sentence."""
    return BouncedError(413, "too-large", what)


def too_slow() -> BouncedError:
    """A body that does not come."""
    return BouncedError(408, "too-slow", "It took too long to arrive. Check the connection, then send it again.")


def unreadable(what: str) -> BouncedError:
    """A body that cannot be read."""
    return BouncedError(422, "body", what)


def unavailable(seconds: int = 5) -> BouncedError:
    """Nothing can be stored or looked up right now."""
    text = "It could not be stored right now. Nothing that you wrote is lost here: send it again in a moment."
    return BouncedError(503, "unavailable", text, seconds)
