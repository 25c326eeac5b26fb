"""The targets `s3`, `gcs` and `azure`: their settings, and what opens them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from planmark.endpoints.addresses import wrong_address
from planmark.extensions.targets import Place
from planmark.problems import Location, PlanmarkError, Problem
from planmark.targets.layout import STORE
from planmark.targets.objects import Objects
from planmark.targets.obstores import ObStore, client, retries
from planmark.targets.stores import Stores

if TYPE_CHECKING:
    from obstore.store import AzureConfig, AzureStore, GCSConfig, GCSStore, S3Config, S3Store

_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,220}[A-Za-z0-9]")
_CONTAINER = re.compile(r"\$web|[a-z0-9](?:-?[a-z0-9]){2,62}")
_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")
_REGION = re.compile(r"[a-z0-9-]{2,40}")
_PREFIX = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?")


def _wrong(place: Place, name: str, pattern: re.Pattern[str], wanted: str, needed: bool = False) -> str:
    """What to write for a setting, where it is missing or cannot be."""
    value = place.settings.get(name, "")
    if value:
        return "" if pattern.fullmatch(value) else f"write another `{name}:` at `{place.name}`: {wanted}, and `{value}` can be none"
    return f"write `{name}:` at `{place.name}`: {wanted}" if needed else ""


def _wrong_everywhere(place: Place) -> str:
    endpoint = place.settings.get("endpoint", "")
    if endpoint and (why := wrong_address(endpoint)):
        return f"write another `endpoint:` at `{place.name}`: its address {why}"
    return _wrong(place, "prefix", _PREFIX, "folders in the bucket that the sites go to, such as `plans/`")


def _wrong_s3(place: Place) -> str:
    bucket = _wrong(place, "bucket", _BUCKET, "the bucket that the sites go to", needed=True)
    state = _wrong(place, "state", _BUCKET, "a bucket that nobody else reads")
    region = _wrong(place, "region", _REGION, "where the bucket is, such as eu-central-1", needed=not place.settings.get("endpoint"))
    return bucket or region or state or _wrong_everywhere(place)


def _wrong_gcs(place: Place) -> str:
    bucket = _wrong(place, "bucket", _BUCKET, "the bucket that the sites go to", needed=True)
    return bucket or _wrong(place, "state", _BUCKET, "a bucket that nobody else reads") or _wrong_everywhere(place)


def _wrong_azure(place: Place) -> str:
    account = _wrong(place, "account", _ACCOUNT, "the storage account, such as acmeplans", needed=True)
    container = _wrong(place, "container", _CONTAINER, "the container that the sites go to; left out: $web")
    return account or container or _wrong(place, "state", _CONTAINER, "a container that nobody else reads") or _wrong_everywhere(place)


def _s3(place: Place) -> Stores:
    with _needed("s3"):
        from obstore.store import S3Store
    said, key, secret = place.settings, place.secret("AWS_ACCESS_KEY_ID"), place.secret("AWS_SECRET_ACCESS_KEY")
    token, region = _secret_if_any(place, "AWS_SESSION_TOKEN"), said.get("region") or "us-east-1"
    endpoint = said.get("endpoint") or f"https://s3.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"

    config: S3Config = {
        "access_key_id": key,
        "secret_access_key": secret,
        "region": region,
        "endpoint": endpoint,
        "aws_endpoint_url_s3": endpoint,  # else one in the environment would take its place
        "disable_bulk_delete": True,
    }
    if token:
        config["session_token"] = token

    def opened(bucket: str) -> S3Store:
        return S3Store(bucket, config=config, client_options=client(endpoint), retry_config=retries())

    return _stores(place, "bucket", opened, "s3://", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")


def _gcs(place: Place) -> Stores:
    with _needed("gcs"):
        from obstore.store import GCSStore
    key, endpoint = _secret_if_any(place, "GOOGLE_SERVICE_ACCOUNT_KEY"), place.settings.get("endpoint", "")
    name = "GOOGLE_SERVICE_ACCOUNT_KEY" if key else "GOOGLE_APPLICATION_CREDENTIALS"

    config: GCSConfig = {"service_account_key": key} if key else {"application_credentials": place.secret(name)}
    if endpoint:
        config["base_url"] = endpoint

    def opened(bucket: str) -> GCSStore:
        return GCSStore(bucket, config=config, client_options=client(endpoint), retry_config=retries())

    with _readable(name):
        return _stores(place, "bucket", opened, "gs://", name)


def _azure(place: Place) -> Stores:
    with _needed("azure"):
        from obstore.store import AzureStore
    account, token = place.settings["account"], _secret_if_any(place, "AZURE_STORAGE_SAS_TOKEN")
    key = "" if token else _secret_if_any(place, "AZURE_STORAGE_ACCOUNT_KEY")
    token = token or ("" if key else place.secret("AZURE_STORAGE_SAS_TOKEN"))
    name = "AZURE_STORAGE_SAS_TOKEN" if token else "AZURE_STORAGE_ACCOUNT_KEY"
    endpoint = place.settings.get("endpoint") or f"https://{account}.blob.core.windows.net"

    config: AzureConfig = {"account_name": account, "endpoint": endpoint}
    if token:
        config["sas_key"] = token.removeprefix("?")
    else:
        config["account_key"] = key

    def opened(container: str) -> AzureStore:
        return AzureStore(container, config=config, client_options=client(endpoint), retry_config=retries())

    with _readable(name):
        return _stores(place, "container", opened, f"azure://{account}/", name)


def _stores(place: Place, word: str, opened: Callable[[str], S3Store | GCSStore | AzureStore], scheme: str, secrets: str) -> Stores:
    """Where the sites go, and where they are remembered: in another bucket, if the settings say so."""
    bucket, prefix = place.settings.get(word) or "$web", place.settings.get("prefix", "")
    prefix = f"{prefix.rstrip('/')}/" if prefix else ""
    state, below = place.settings.get("state") or bucket, f"{prefix}{STORE}/"
    public = opened(bucket)
    return Stores(
        ObStore(public, f"{scheme}{bucket}/{prefix}", prefix, word, secrets),
        ObStore(public if state == bucket else opened(state), f"{scheme}{state}/{below}", below, word, secrets),
    )


def _secret_if_any(place: Place, name: str) -> str:
    with suppress(PlanmarkError):
        return place.secret(name)
    return ""


@contextmanager
def _needed(kind: str) -> Iterator[None]:
    """Say what to install where the library is missing."""
    try:
        yield
    except ImportError:
        hint = 'pip install "planmark[stores]"'
        raise PlanmarkError(Problem("PM801", f"publishing to `{kind}` needs one more library", Location("obstore"), hint)) from None


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Say so where a secret is not what its name says."""
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, OSError, ValueError):
        text = f"the secret {name} cannot be read as what it should be"
        raise PlanmarkError(Problem("PM702", text, Location(name), "copy it anew; docs/publishing.md says what it holds")) from None


_COMMON = ("prefix", "state", "endpoint")
S3 = Objects("s3", ("bucket", "region", *_COMMON), _wrong_s3, _s3)
GCS = Objects("gcs", ("bucket", *_COMMON), _wrong_gcs, _gcs)
AZURE = Objects("azure", ("account", "container", *_COMMON), _wrong_azure, _azure)
