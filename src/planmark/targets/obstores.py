"""Object stores by way of the library obstore, which speaks to S3, Google Cloud Storage and Azure alike.

What it says is put into our words: its messages are pages long, and addresses stand in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from planmark import __version__
from planmark.problems import Location, PlanmarkError, Problem
from planmark.targets.refusals import cannot_read, cannot_write
from planmark.targets.stores import AwayError, Found, Tag, UnconditionalError, bare

if TYPE_CHECKING:
    from obstore.store import AzureStore, ClientConfig, GCSStore, RetryConfig, S3Store

TIMEOUT = timedelta(seconds=60)
"""For sending a piece of a file, 5 MB at most, and hearing of it; and for each step of an answer."""
CONNECTING = timedelta(seconds=10)
PIECES = 2
"""Pieces of one file that are sent at one time: more would share a slow line, and take longer than TIMEOUT."""
RETRYING = timedelta(seconds=45)
"""So long one thing is tried, again and again, where a store is busy or the line was cut."""
TRIES = 6
_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w+)</Code>")
_NOT_ACCEPTED = frozenset(
    """InvalidAccessKeyId SignatureDoesNotMatch ExpiredToken InvalidToken TokenRefreshRequired AuthenticationFailed
    AuthorizationFailure InvalidAuthenticationInfo NoAuthenticationInformation AuthenticationRequired""".split()  # noqa: SIM905  (as words they are read)
)
_NO_BUCKET = frozenset(("NoSuchBucket", "ContainerNotFound", "InvalidBucketName", "AccountIsDisabled"))
_ELSEWHERE = frozenset(("PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"))
_UNREADABLE = re.compile(r"Access Key|[Cc]redential")
_AT_THE_SAME_MOMENT = frozenset(("ConditionalRequestConflict", "OperationAborted"))
_FULL = re.compile(r"Quota|Insufficient(Storage|Capacity)|EntityTooLarge|LimitExceeded|StorageFull|NoSpace")


@dataclass(frozen=True)
class ObStore:
    """A bucket below a prefix. `bucket` is what planmark.yaml calls a bucket there, `secrets` what it is opened with."""

    store: S3Store | GCSStore | AzureStore
    where: str
    prefix: str
    bucket: str
    secrets: str

    def folders(self, prefix: str) -> list[str]:
        """One request for each thousand of them."""
        import obstore

        with self._told(cannot_read, prefix):
            found = obstore.list_with_delimiter(self.store, self.prefix + prefix)["common_prefixes"]
        return [path.rstrip("/").rpartition("/")[2] for path in found]

    def list(self, prefix: str) -> Iterator[Found]:
        """One request for each thousand of them."""
        import obstore

        before = self.prefix + prefix
        with self._told(cannot_read, prefix):
            found = [one for chunk in obstore.list(self.store, before) for one in chunk]
        for one in found:
            if one["path"].startswith(before):
                yield Found(one["path"].removeprefix(before), one["size"], bare(one["e_tag"] or ""), one["last_modified"])

    def get(self, path: str) -> tuple[bytes, Tag] | None:
        """Whole, in memory."""
        import obstore

        with self._told(cannot_read, path):
            try:
                found = obstore.get(self.store, self.prefix + path)
                return bytes(found.bytes()), Tag(found.meta["e_tag"] or "", found.meta["version"] or "")
            except FileNotFoundError as error:
                if _code(error) in _NO_BUCKET:
                    raise
                return None

    def put(self, path: str, data: bytes, media_type: str, cache: str) -> Tag:
        """In pieces, where it is large; nobody sees some of them."""
        with self._told(cannot_write, path):
            return self._put(path, data, media_type, cache, "overwrite")

    def put_new(self, path: str, data: bytes, media_type: str, cache: str) -> Tag | None:
        """With `If-None-Match: *`, or what the store has for it."""
        return self._put_if(path, data, media_type, cache, "create")

    def put_over(self, path: str, data: bytes, media_type: str, cache: str, tag: Tag) -> Tag | None:
        """With `If-Match`, or what the store has for it."""
        mode = {"e_tag": tag.etag, **({"version": tag.version} if tag.version else {})}
        return self._put_if(path, data, media_type, cache, mode)

    def delete(self, path: str) -> None:
        """One by one: not every store takes lists."""
        import obstore

        with self._told(cannot_write, path):
            try:
                obstore.delete(self.store, self.prefix + path)
            except FileNotFoundError as error:
                if _code(error) in _NO_BUCKET:
                    raise

    def _put(self, path: str, data: bytes, media_type: str, cache: str, mode: Any) -> Tag:
        import obstore

        said = {name: value for name, value in (("Content-Type", media_type), ("Cache-Control", cache)) if value}
        found = obstore.put(self.store, self.prefix + path, data, attributes=said, mode=mode, max_concurrency=PIECES)
        return Tag(found["e_tag"] or "", found["version"] or "")

    def _put_if(self, path: str, data: bytes, media_type: str, cache: str, mode: Any) -> Tag | None:
        from obstore.exceptions import AlreadyExistsError, NotSupportedError, PreconditionError

        with self._told(cannot_write, path):
            try:
                return self._put(path, data, media_type, cache, mode)
            except (AlreadyExistsError, PreconditionError):
                return None
            except FileNotFoundError as error:  # it is gone, so it is not as it was
                if _code(error) in _NO_BUCKET:
                    raise
                return None
            except NotSupportedError:
                raise UnconditionalError from None
            except Exception as error:
                if _status(error) == "501":
                    raise UnconditionalError from None
                if _code(error) in _AT_THE_SAME_MOMENT:
                    return None
                raise

    @contextmanager
    def _told(self, refused: Callable[[str, str, str], Problem], path: str) -> Iterator[None]:
        """Turn what the library raises into a problem. It raises its own errors, and OSErrors of Python's."""
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError, ValueError) as error:
            raise self._problem(error, refused, self.where + path) from None

    def _problem(self, error: Exception, refused: Callable[[str, str, str], Problem], where: str) -> PlanmarkError:
        status, code = _status(error), _code(error)
        said = " ".join(one for one in (status, code) if one)
        if code in _ELSEWHERE or "Received redirect" in str(error):
            return PlanmarkError(refused(where, f"the {self.bucket} is in another region", "correct `region:`"))
        if not said and _UNREADABLE.search(str(error)) and "kind: " not in str(error):
            text = f"what {self.secrets} holds cannot be read as what it should be"
            return PlanmarkError(Problem("PM702", text, Location(where), "copy it anew; docs/publishing.md says what it holds"))
        if not said:
            return AwayError(refused(where, _away(error), "check the connection and the settings, and try again"))
        if status == "401" or code in _NOT_ACCEPTED:
            hint = "copy them anew; those that are made for a session end with it"
            return PlanmarkError(Problem("PM702", f"the store does not accept {self.secrets} ({said})", Location(where), hint))
        if code in _NO_BUCKET:
            return PlanmarkError(refused(where, f"there is no such {self.bucket} ({said})", f"make it, or correct `{self.bucket}:`"))
        if status == "507" or _FULL.search(code):
            return PlanmarkError(refused(where, f"there is no room, or a limit is reached ({said})", "see the provider's quota and bill"))
        if status == "403":
            hint = "give them the rights that docs/publishing.md lists"
            return PlanmarkError(refused(where, f"{self.secrets} may not do this there ({said})", hint))
        if status in ("429", "500", "502", "503", "504"):
            return AwayError(refused(where, f"the store is too busy, or out of order ({said})", "try again in a while"))
        return PlanmarkError(refused(where, f"the store refused it ({said})", "see what its provider says of that"))


def _status(error: Exception) -> str:
    return found[1] if (found := _STATUS.search(str(error))) else ""


def _code(error: Exception) -> str:
    return found[1] if (found := _CODE.search(str(error))) else ""


def _away(error: Exception) -> str:
    """Why there was no answer at all."""
    said = str(error)
    if "kind: Timeout" in said or "TimedOut" in said:
        return f"it does not answer within {TIMEOUT.total_seconds():.0f} s"
    if "kind: Connect" in said:
        return "nobody answers there"
    return "the connection broke off" if "kind: " in said or "UnexpectedRange" in said else "what answers there is no such store"


def client(endpoint: str) -> ClientConfig:
    """How requests are made. Plain http only where the endpoint says so, which is on this machine."""
    return {
        "allow_http": endpoint.startswith("http://"),
        "connect_timeout": CONNECTING,
        "read_timeout": TIMEOUT,
        "timeout": 20 * TIMEOUT,
        "user_agent": f"planmark/{__version__}",
    }


def retries() -> RetryConfig:
    """How often, and for how long, a request is tried again."""
    return {
        "max_retries": TRIES,
        "retry_timeout": RETRYING,
        "backoff": {"init_backoff": timedelta(milliseconds=200), "max_backoff": timedelta(seconds=5), "base": 2},
    }
