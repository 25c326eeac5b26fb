"""Which headers a host sends, read from what a deploy says of it: `_headers`, as Netlify and Cloudflare document it, or `vercel.json`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    """Patterns of paths, and what they set; an empty value takes a header away."""

    found: tuple[tuple[re.Pattern[str], Mapping[str, str]], ...] = ()

    def of(self, path: str, before: Mapping[str, str]) -> dict[str, str]:
        """The headers of a path: what is said before, and what each rule that fits says on top."""
        said = dict(before)
        for pattern, headers in self.found:
            if pattern.fullmatch(path):
                said = {name: value for name, value in {**said, **headers}.items() if value}
        return said


def underscore_headers(text: str, detaches: bool) -> Rules:
    """A `_headers` file. At most 100 rules of 2,000 letters; `! Name` takes one away at Cloudflare alone."""
    rules: list[tuple[re.Pattern[str], dict[str, str]]] = []
    for line in text.splitlines():
        assert len(line) <= 2000, "a line is too long"
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line[0].isspace():
            assert line.startswith("/"), f"a rule begins with a path: {line}"
            rules.append((_pattern(line.strip()), {}))
        elif line.strip().startswith("!"):
            assert detaches, "only Cloudflare takes headers away"
            rules[-1][1][line.strip()[1:].strip()] = ""
        else:
            name, colon, value = line.strip().partition(":")
            assert colon, f"no header: {line}"
            assert re.fullmatch(r"[A-Za-z-]+", name), f"no header: {line}"
            rules[-1][1][name] = value.strip()
    assert len(rules) <= 100, "too many rules"
    return Rules(tuple(rules))


def vercel_json(text: str) -> Rules:
    """A `vercel.json` of headers; unknown keys are refused."""
    data = json.loads(text)
    assert set(data) <= {"$schema", "headers", "trailingSlash", "cleanUrls", "redirects", "rewrites"}, "an unknown key"
    rules = []
    for rule in data.get("headers", ()):
        assert set(rule) <= {"source", "headers", "has", "missing"}
        pattern = re.compile(re.sub(r":(\w+)", r"[^/]+", rule["source"]))
        rules.append((pattern, {one["key"]: one["value"] for one in rule["headers"]}))
    return Rules(tuple(rules))


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\*|:\w+)", path)
    return re.compile("".join(".*" if one == "*" else "[^/]+" if one.startswith(":") else re.escape(one) for one in parts))
