"""Markup that came into a sealed page by a theme or a mistake: nothing in it runs, and it leads nobody elsewhere."""

from __future__ import annotations

import shutil

import pytest
from tests.page.lock.conftest import Reader
from tests.page.lock.sealing import Locked, protect

HOSTILE = {
    "a script": "<script>globalThis.ran = 1</script><svg><script>globalThis.ran = 1</script></svg>",
    "a script from elsewhere": '<script src="https://evil.example/x.js"></script><script src="data:,globalThis.ran=1"></script>',
    "a handler": "<img src=x onerror='globalThis.ran = 1'><svg onload='globalThis.ran = 1'></svg>",
    "a script link": "<a class=odd href='javascript:globalThis.ran = 1'>x</a>",
    "a frame": "<iframe srcdoc='<script>parent.ran = 1</script>'></iframe><object data='data:text/html,x'></object>",
    "a base": "<base href='https://evil.example/'>",
    "a refresh": "<meta http-equiv=refresh content='0; url=https://evil.example/'>",
    "a form": "<form class=odd action='https://evil.example/'><button>x</button></form>",
    "names of the document's own": "<form name=body></form><img name=createElement><img name=head><a id=trustedTypes></a><img name=forms>",
}


ALONE = ("a script from elsewhere", "names of the document's own")
"""These keep the page from being shown whole."""
CASES = {**{what: HOSTILE[what] for what in ALONE}, "all others": "".join(HOSTILE[what] for what in HOSTILE if what not in ALONE)}


@pytest.mark.parametrize("what", CASES)
def test_nothing_in_it_runs(what: str, locked: Locked, reader: Reader) -> None:
    page = locked.data("index.html").decode().replace("</main>", f"{CASES[what]}</main>", 1)
    folder = locked.root / "hostile"
    shutil.rmtree(folder, ignore_errors=True)
    sealed = protect(locked.open, folder, more={"index.html": page.encode()}, iterations=1000)
    tab = reader.open(f"{locked.origin}/hostile/#{sealed.link}")
    tab.wait_for_function(
        "document.querySelector.call(document, '#lock-bar, .lock-bar') || !document.querySelector('div.lock-trouble').hidden"
    )
    for odd in tab.locator(".odd").all():
        odd.evaluate("(one) => one.requestSubmit ? one.requestSubmit() : one.click()")
    tab.wait_for_load_state("networkidle")
    assert tab.evaluate("globalThis.ran") is None
    assert tab.url.startswith(f"{locked.origin}/hostile/")
    assert tab.evaluate("document.baseURI").startswith(f"{locked.origin}/hostile/")
    reader.complaints.clear()  # that the policy forbade it
