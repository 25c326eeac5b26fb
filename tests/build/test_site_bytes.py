"""A site as the buyer's IT security looks at it: what it loads, what it runs, where it leads, and that it says so itself."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest
from tests.build.complete import complete
from tests.build.markup import LEADS, LOADS, Page, css_addresses
from tests.build.small import Small, files, tree

from planmark.site.data import SCHEMA_FILE, schema_json, view_schema

ROOT = Path(__file__).parents[2]
SELF = "'self'"
ENDPOINT = """
endpoint: {kind: planmark, url: "https://inbox.halyard.example"}
"""


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """Every site of four workspaces by path: all that can be written, the smallest, the examples, and the examples with forms."""
    folder = tmp_path_factory.mktemp("sites")
    whole, least, examples, acting = (Small(folder / name) for name in ("whole", "least", "examples", "acting"))
    whole.write(complete().files)
    least.write({"planmark.yaml": "", **{path: text for path, text in files(["acme"]).items() if "/acme/" in path}})
    least.replace("content/acme/plan.yaml", "[tour, paper]", "[]")
    for path in ("planmark.yaml", *(one.relative_to(ROOT).as_posix() for one in (ROOT / "content").rglob("*") if one.is_file())):
        for small in (examples, acting):
            small.write({path: (ROOT / path).read_bytes()})
    with (acting.root / "planmark.yaml").open("a", encoding="utf-8") as settings:
        settings.write(ENDPOINT)
    found: dict[str, dict[str, bytes]] = {}
    for small in (whole, least, examples, acting):
        report = small.build()
        assert report.ok, report.problems
        found |= {f"{small.root.name}/{site}": tree(small.sites / site) for site in report.sites.values()}
    return found


@pytest.fixture(scope="module")
def pages(sites: dict[str, dict[str, bytes]]) -> dict[tuple[str, str], Page]:
    """Every page by its site and path. Reading it fails where tags do not match or an attribute stands twice."""
    return {
        (site, path): Page(data.decode()) for site, outputs in sites.items() for path, data in outputs.items() if path.endswith(".html")
    }


def test_there_are_pages(pages: dict[tuple[str, str], Page]) -> None:
    """As a check on these tests: several sites, several pages."""
    assert len({site for site, _ in pages}) >= 6
    assert len(pages) >= 12
    assert len([page for page in pages.values() if page.all("form")]) >= 3


def test_nothing_runs_or_styles_inside_a_page(pages: dict[tuple[str, str], Page]) -> None:
    """No inline script, style sheet, style attribute or event handler; no address that is a script."""
    for where, page in pages.items():
        assert not page.all("style", "base", "iframe", "object", "embed"), where
        for element in page.elements:
            data = element.attributes.get("type") == "application/json"
            assert element.tag != "script" or data or ("src" in element.attributes and not element.text), where
            wrong = [name for name in element.attributes if name == "style" or name.startswith("on") or name == "srcdoc"]
            assert not wrong, (where, element)
        for address in page.addresses(LOADS | LEADS):
            assert urlsplit(address).scheme.lower() in ("", "http", "https", "mailto", "tel"), (where, address)


def test_nothing_is_loaded_from_elsewhere(sites: dict[str, dict[str, bytes]], pages: dict[tuple[str, str], Page]) -> None:
    """Pages, style sheets and pictures load files of their own site, and each of them is there."""
    for (site, path), page in pages.items():
        for address in page.addresses(LOADS):
            if not address.startswith("#"):
                parts = urlsplit(address)
                assert not parts.scheme, (path, address)
                assert not parts.netloc, (path, address)
                assert unquote(parts.path) in sites[site], (path, address)
    for site, outputs in sites.items():
        for path, data in outputs.items():
            if path.endswith(".css"):
                for address in css_addresses(data.decode()):
                    assert address.startswith("data:image/") or f"assets/{address}" in outputs, (site, path, address)
            if path.endswith(".svg"):
                picture = Page(data.decode())
                assert not [one for one in picture.addresses(LOADS) if not one.startswith(("#", "data:image/"))], (site, path)
                assert not picture.all("script", "foreignobject"), (site, path)


def test_every_link_leads_somewhere(sites: dict[str, dict[str, bytes]], pages: dict[tuple[str, str], Page]) -> None:
    """Relative links to files that are there, fragments to ids that are there; no link is absolute in the host."""
    for (site, path), page in pages.items():
        for address in page.addresses(LEADS | LOADS):
            parts = urlsplit(address)
            if parts.scheme:
                continue
            assert address, path
            assert not parts.path.startswith("/"), (path, address)
            target = unquote(parts.path) or path
            assert target in sites[site], (path, address)
            if parts.fragment:
                assert unquote(parts.fragment) in pages[site, target].ids(), (path, address)


def test_links_to_elsewhere_say_nothing_of_where_they_stand(pages: dict[tuple[str, str], Page]) -> None:
    """No referrer, no way back, and nothing for search engines to follow."""
    for where, page in pages.items():
        assert page.meta("referrer") == "no-referrer", where
        for link in page.all("a"):
            if link.attributes.get("href", "").startswith("http"):
                assert {"noopener", "noreferrer", "nofollow"} <= set(link.attributes.get("rel", "").split()), (where, link)


def test_every_id_is_there_once(pages: dict[tuple[str, str], Page]) -> None:
    """And whatever refers to an id by name finds it on the same page."""
    for where, page in pages.items():
        ids = page.ids()
        assert len(set(ids)) == len(ids), (where, sorted(one for one in set(ids) if ids.count(one) > 1))
        for element in page.elements:
            for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for", "headers", "list", "form"):
                for referred in element.attributes.get(name, "").split():
                    assert referred in ids, (where, element)


def test_search_engines_are_asked_to_leave_every_page_out(pages: dict[tuple[str, str], Page]) -> None:
    """On each page, for all of them."""
    for where, page in pages.items():
        assert {"noindex", "nofollow"} <= set(page.meta("robots").replace(" ", "").split(",")), where


def origin(address: str) -> str:
    """Scheme and host of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def needed(page: Page, css: list[str]) -> dict[str, set[str]]:
    """What a page needs, read off its elements and the style sheets that it loads: directive to sources."""
    sources: dict[str, set[str]] = {"default-src": {"'none'"}, "base-uri": {"'none'"}, "form-action": {"'none'"}}

    def allow(directive: str, when: object) -> None:
        if when:
            sources[directive] = {SELF}

    styled = [address for sheet in css for address in css_addresses(sheet)]
    allow("style-src", [one for one in page.all("link") if one.attributes.get("rel") == "stylesheet"])
    scripts = [one for one in page.all("script") if "src" in one.attributes]
    allow("script-src", scripts)
    forms = page.all("form")
    if forms:
        back = [one for one in page.all("input") if one.attributes.get("name") == "pm_next"]
        leads = {one.attributes["action"] for one in forms} | {one.attributes["value"] for one in back}
        sources["form-action"] = {origin(one) for one in leads} | ({SELF} if back else set())
        if [one for one in scripts if "/act." in one.attributes["src"]]:
            sources["connect-src"] = {origin(one.attributes["action"]) for one in forms}
    pictures = page.all("img", "image") + [one for one in page.all("link") if "icon" in one.attributes.get("rel", "")]
    pictures += [one for one in page.all("video") if one.attributes.get("poster")]
    allow("img-src", pictures or [one for one in styled if not one.endswith(".woff2") and not one.startswith("data:")])
    if [one for one in styled if one.startswith("data:")]:
        sources["img-src"].add("data:")
    allow("media-src", page.all("video", "audio", "track"))
    frames = [one for one in page.all("a") if "data-src" in one.attributes]
    if frames:
        sources["frame-src"] = {origin(one.attributes["data-src"]) for one in frames}
    allow("font-src", [one for one in styled if one.endswith(".woff2")])
    return sources


def test_the_policy_is_exactly_what_the_page_needs(sites: dict[str, dict[str, bytes]], pages: dict[tuple[str, str], Page]) -> None:
    """Not a directive more, not one less; Trusted Types beside them. It stands before anything is loaded."""
    for (site, path), page in pages.items():
        (meta,) = [one for one in page.all("meta") if one.attributes.get("http-equiv", "").lower() == "content-security-policy"]
        written = [part.strip().split() for part in meta.attributes["content"].split(";") if part.strip()]
        policy = {directive: set(values) for directive, *values in written}
        assert len(policy) == len(written), (path, "a directive stands twice")
        assert policy.pop("require-trusted-types-for") == {"'script'"}
        css = [sites[site][one.attributes["href"]].decode() for one in page.all("link") if one.attributes.get("rel") == "stylesheet"]
        assert policy == needed(page, css), (site, path)
        first = next(one for one in page.elements if one.tag in ("link", "script", "img"))
        assert page.elements.index(meta) < page.elements.index(first)


def test_every_page_says_what_it_is(pages: dict[tuple[str, str], Page]) -> None:
    """Encoding, language, title and one main heading."""
    for where, page in pages.items():
        assert page.source.startswith("<!doctype html>"), where
        (html,) = page.all("html")
        assert html.attributes["lang"], where
        assert page.elements[2].attributes == {"charset": "utf-8"}, where
        (title,) = [one for one in page.all("title") if page.elements.index(one) < 20]
        assert unescape(title.text).strip(), where
        assert len(page.all("h1")) == 1, where
        assert len(page.all("main")) == 1, where
        for picture in page.all("img"):
            assert "alt" in picture.attributes, (where, picture)


def test_every_asset_is_named_after_its_contents(sites: dict[str, dict[str, bytes]]) -> None:
    """Two versions of a file never share an address, so that hosts may keep them for ever."""
    seen: dict[str, bytes] = {}
    for outputs in sites.values():
        for path, data in outputs.items():
            if path.startswith("assets/"):
                assert len(path.split(".")) >= 3, path
                assert seen.setdefault(path, data) == data, path


def test_every_asset_is_used(sites: dict[str, dict[str, bytes]]) -> None:
    """What no page, style sheet or data file names is not published."""
    for site, outputs in sites.items():
        named = b"".join(data for path, data in outputs.items() if path.endswith((".html", ".css", ".json"))).decode()
        unused = [path for path in outputs if path.startswith("assets/") and Path(path).name not in named]
        assert not unused, site


def test_the_data_is_as_its_schema_says(sites: dict[str, dict[str, bytes]]) -> None:
    """`plan.json` names the schema that lies beside it, and fits it: formats, too."""
    for site, outputs in sites.items():
        plan, schema = json.loads(outputs["plan.json"]), json.loads(outputs[SCHEMA_FILE])
        assert plan["$schema"] == SCHEMA_FILE
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
        assert not list(validator.iter_errors(plan)), site


def test_the_schema_that_ships_is_that_of_the_view() -> None:
    """The file is made by `view_schema`; a change in the view's types is a change in it."""
    assert schema_json() == view_schema()
