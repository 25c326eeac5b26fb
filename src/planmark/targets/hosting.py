"""What a host is told, so that it sends the headers of `plan.headers`: for web servers, and for hosts that read a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from planmark.content.kinds import PAGES, TYPES, UTF8
from planmark.plan.headers import FOREVER, FRESH, HEADERS, HSTS

_ALL = {**HEADERS, HSTS[0]: HSTS[1]}
_SAID = "Made by `planmark headers"
_ENDINGS: Mapping[str, list[str]] = {
    kind: [ending for ending, one in {**PAGES, **TYPES}.items() if one == kind] for kind in {**PAGES, **TYPES}.values()
}
"""Every media type of a file of a site, with its endings: servers know some of them otherwise, or not at all."""


def nginx() -> str:
    """For inside a `server { … }` whose `root` is the target's folder. An `add_header` in a location replaces those around it."""
    said = "".join(f'    add_header {name} "{value}" always;\n' for name, value in _ALL.items())
    types = "".join(f"    {kind} {' '.join(endings)};\n" for kind, endings in _ENDINGS.items())
    utf8 = " ".join(kind for kind, endings in _ENDINGS.items() if UTF8.intersection(endings))
    return (
        f"# {_SAID} nginx`: inside `server {{ … }}`, whose `root` is the target's folder.\n"
        f"autoindex off;\nserver_tokens off;\ntypes {{\n{types}}}\ndefault_type application/octet-stream;\n"
        f"charset utf-8;\ncharset_types {utf8.replace('text/html ', '')};\n"
        f"location ~ /\\.(?!well-known/) {{\n{said}    return 404;\n}}\n"
        f'location ~ ^/[^/]+/assets/ {{\n    add_header Cache-Control "{FOREVER}";\n{said}}}\n'
        f'location / {{\n    index index.html;\n    add_header Cache-Control "{FRESH}";\n{said}}}\n'
    )


def caddy() -> str:
    """For inside a site's block, beside its `root` and `file_server`."""
    said = "".join(f'\t{name} "{value}"\n' for name, value in _ALL.items())
    types = "".join(
        f"@{endings[0]} path {' '.join(f'*.{ending}' for ending in endings)}\n"
        f'header @{endings[0]} Content-Type "{kind}{"; charset=utf-8" if UTF8.intersection(endings) else ""}"\n'
        for kind, endings in _ENDINGS.items()
    )
    return (
        f"# {_SAID} caddy`: inside the site's block, beside `root` and `file_server`.\n"
        "@hidden {\n\tpath_regexp /\\.\n\tnot path /.well-known/*\n}\nrespond @hidden 404\n"
        "@assets path_regexp ^/[^/]+/assets/\n@pages not path_regexp ^/[^/]+/assets/\n"
        f'header @assets Cache-Control "{FOREVER}"\nheader @pages Cache-Control "{FRESH}"\n'
        f"{types}header {{\n{said}}}\n"
    )


def apache() -> str:
    """For a `<Directory>` of the target's folder, or a `.htaccess` in it; needs mod_headers and mod_rewrite."""
    said = "".join(f'Header always set {name} "{value}"\n' for name, value in _ALL.items())
    types = "".join(f"AddType {kind} {' '.join(f'.{ending}' for ending in endings)}\n" for kind, endings in _ENDINGS.items())
    return (
        f"# {_SAID} apache`: in `<Directory>` of the target's folder, or its `.htaccess`. Needs mod_headers and mod_rewrite.\n"
        f"Options -Indexes +FollowSymLinks\nDirectoryIndex index.html\n{types}AddDefaultCharset off\n"
        f"AddCharset utf-8 {' '.join(f'.{ending}' for ending in sorted(UTF8))}\n"
        "RewriteEngine On\nRewriteRule (^|/)\\.(?!well-known/) - [R=404,L]\n"
        f'{said}Header set Cache-Control "{FRESH}"\n'
        f'Header set Cache-Control "{FOREVER}" "expr=%{{REQUEST_URI}} =~ m#^/[^/]+/assets/#"\n'
    )


def netlify() -> str:
    """A `_headers` file. Pages are asked for anew there anyway, so only assets have a rule of their own."""
    said = "".join(f"  {name}: {value}\n" for name, value in _ALL.items())
    return f"# {_SAID} netlify`: the file `_headers`.\n/*\n{said}\n/:site/assets/*\n  Cache-Control: {FOREVER}\n"


def cloudflare() -> str:
    """A `_headers` file for Cloudflare Pages, which else allows scripts of every site to read what is there."""
    allowed = "  ! Access-Control-Allow-Origin\n"
    return netlify().replace(" netlify`", " cloudflare`", 1).replace("/*\n", f"/*\n{allowed}", 1)


def vercel() -> str:
    """A `vercel.json`."""

    def rule(source: str, said: Mapping[str, str]) -> dict[str, object]:
        return {"source": source, "headers": [{"key": name, "value": value} for name, value in said.items()]}

    rules = [rule("/(.*)", _ALL), rule("/:site/assets/(.*)", {"Cache-Control": FOREVER})]
    return json.dumps({"trailingSlash": True, "headers": rules}, indent=2) + "\n"


def cloudfront() -> str:
    """The configuration of a response headers policy: `aws cloudfront create-response-headers-policy --response-headers-policy-config`."""
    own = {"Permissions-Policy", "X-Robots-Tag", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"}
    items = [{"Header": name, "Value": value, "Override": True} for name, value in HEADERS.items() if name in own]
    policy = {
        "Name": "planmark",
        "SecurityHeadersConfig": {
            "ContentSecurityPolicy": {"ContentSecurityPolicy": HEADERS["Content-Security-Policy"], "Override": True},
            "FrameOptions": {"FrameOption": HEADERS["X-Frame-Options"], "Override": True},
            "ReferrerPolicy": {"ReferrerPolicy": HEADERS["Referrer-Policy"], "Override": True},
            "ContentTypeOptions": {"Override": True},
            "StrictTransportSecurity": {
                "AccessControlMaxAgeSec": int(HSTS[1].partition("=")[2]),
                "IncludeSubdomains": False,
                "Preload": False,
                "Override": True,
            },
        },
        "CustomHeadersConfig": {"Quantity": len(items), "Items": items},
    }
    return json.dumps(policy, indent=2) + "\n"


HOSTS: Mapping[str, Callable[[], str]] = {
    "nginx": nginx,
    "caddy": caddy,
    "apache": apache,
    "netlify": netlify,
    "cloudflare": cloudflare,
    "vercel": vercel,
    "cloudfront": cloudfront,
}
"""What is written for each host."""
