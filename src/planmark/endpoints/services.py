"""The form services that ship, each as its documentation describes it. docs/endpoints.md says what each of them loses."""

from __future__ import annotations

from planmark.endpoints.credentials import basic, no_header, scheme_token
from planmark.endpoints.paging import Paging
from planmark.endpoints.reading import Folder, Reading
from planmark.endpoints.records import Paths
from planmark.endpoints.service import Service

FORMSPREE = Service(
    kind="formspree",
    wants=("form",),
    takes=("url", "api", "files", "file_hosts"),
    action="https://formspree.io/f/{form}",
    next_field="_next",
    honeypot="_gotcha",
    files="asked",
    api="https://formspree.io/api/0",
    lists=("/forms/{form}/submissions",),
    headers=basic,
    file_hosts=("formspree.io", ".formspree.io"),
    reading=Reading(
        paths=Paths(items=("submissions",), received=("_date",), fields=()),
        paging=Paging(by="offset", param="offset", size=(("limit", "100"),)),
        folders=(Folder(query=(("order", "asc"),)), Folder(query=(("order", "asc"), ("spam", "true")), suspect=True)),
        newest_first=False,
        since="since",
    ),
)

NETLIFY = Service(
    kind="netlify",
    takes=("form_name", "site", "form_id", "api", "file_hosts"),
    defaults={"form_name": "planmark"},
    action="/",
    hidden=(("form-name", "{form_name}"),),
    files="always",
    same_site=True,
    register=True,
    api="https://api.netlify.com/api/v1",
    lists=("/forms/{form_id}/submissions", "/sites/{site}/submissions"),
    file_hosts=("netlify.com", ".netlify.com", "d33wubrfki0l68.cloudfront.net"),
    reading=Reading(
        paths=Paths(items=(), received=("created_at",), fields=("data",), id=("id",)),
        paging=Paging(by="number", param="page", size=(("per_page", "100"),)),
        folders=(Folder(), Folder(query=(("state", "spam"),), suspect=True)),
    ),
)

BASIN = Service(
    kind="basin",
    wants=("form",),
    takes=("url", "api", "files", "file_hosts"),
    action="https://usebasin.com/f/{form}",
    honeypot="_gotcha",
    files="asked",
    api="https://usebasin.com/api/v1",
    lists=("/submissions?form_id={form}",),
    headers=scheme_token,
    file_hosts=("usebasin.com", ".usebasin.com"),
    reading=Reading(
        paths=Paths(
            items=("submissions",), received=("created_at",), fields=("payload_params",), id=("id",), spam=("spam",), files=("attachments",)
        ),
        paging=Paging(by="number", param="page"),
        # `All` is all but spam.
        folders=(Folder(query=(("filter_by", "All"),)), Folder(query=(("filter_by", "Spam"),), suspect=True)),
    ),
)

WEB3FORMS = Service(
    kind="web3forms",
    wants=("access_key",),
    takes=("form_id", "url", "api"),
    action="https://api.web3forms.com/submit",
    hidden=(("access_key", "{access_key}"),),
    next_field="redirect",
    honeypot="botcheck",
    ok_key="success",
    api="https://api.web3forms.com/v1",
    lists=("/submissions?form_id={form_id}",),
    reading=Reading(
        paths=Paths(items=("data",), received=("submitted_at",), fields=("fields",), id=("id",)),
        paging=Paging(by="cursor", param="cursor", size=(("limit", "100"),), next=("next_cursor",), more=("has_more",)),
    ),
)

FORMSPARK = Service(
    kind="formspark",
    wants=("form",),
    takes=("url", "api"),
    action="https://submit-form.com/{form}",
    next_field="_redirect",
    honeypot="_honeypot",
    api="https://api.formspark.io/public/v1",
    lists=("/forms/{form}/submissions",),
    reading=Reading(
        paths=Paths(items=("data",), received=("createdAt",), fields=("data",), id=("id",)),
        paging=Paging(by="cursor", param="startingAfter", size=(("limit", "100"),), next=("nextCursor",), more=("hasMore",)),
    ),
)

APPS_SCRIPT = Service(
    kind="apps-script",
    takes=("script", "url"),
    action="https://script.google.com/macros/s/{script}/exec",
    next_field="pm_next",
    ok_key="ok",
    redirects=("script.google.com", "script.googleusercontent.com"),
    lists=("",),
    headers=no_header,
    secret_param="secret",  # noqa: S106 - the name of a parameter
    reading=Reading(
        paths=Paths(items=("rows",), received=("received",), fields=("fields",), id=("id",)),
        paging=Paging(by="cursor", param="after", size=(("limit", "500"),), next=("next",), more=("more",)),
        newest_first=False,
        since="since",
    ),
)

GENERIC = Service(kind="generic", wants=("url",), takes=("next_field", "honeypot", "files"), files="asked")
"""Any service that takes a form; `planmark pull --from` reads what it exports."""

SERVICES = (FORMSPREE, NETLIFY, BASIN, WEB3FORMS, FORMSPARK, APPS_SCRIPT, GENERIC)
