"""What is shown from elsewhere: each address that people share becomes the provider's own, and nothing else ever becomes a frame."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmark.extensions import EMBEDS, Address, Embed
from planmark.problems import Location, PlanmarkError
from planmark.site.embeds import frame_of, usable, wrong_providers
from planmark.site.embeds.address import address_of, answers
from planmark.site.embeds.table import PROVIDERS

WHERE = Location("content/acme/plan.yaml")
YT = "https://www.youtube-nocookie.com/embed/"
VIDEO = "dQw4w9WgXcQ"
GOOGLE = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"
PUBLISHED = "2PACX-1vQx8hLzPlanmarkExample0123456789"
UUID = "7609ace7-cab6-4886-9788-f372f5c1ee49"
KEY = "nrPSsILSYjesyc5UHjYYa4"
LOOM = "0281766fa2d04bb788eaf19e65135184"
INLINE = "?embed_domain=planmark&embed_type=Inline&hide_gdpr_banner=0"
FORMS: dict[str, list[tuple[str, str]]] = {
    "youtube": [
        (f"https://www.youtube.com/watch?v={VIDEO}", f"{YT}{VIDEO}?rel=0&autoplay=1"),
        (f"https://youtube.com/watch?v={VIDEO}&t=1m30s", f"{YT}{VIDEO}?rel=0&autoplay=1&start=90"),
        (f"https://m.youtube.com/watch?app=desktop&v={VIDEO}#comments", f"{YT}{VIDEO}?rel=0&autoplay=1"),
        (f"https://youtu.be/{VIDEO}?si=AbC_123&t=75", f"{YT}{VIDEO}?rel=0&autoplay=1&start=75"),
        (f"https://www.youtube.com/shorts/{VIDEO}", f"{YT}{VIDEO}?rel=0&autoplay=1"),
        (f"https://www.youtube.com/live/{VIDEO}?feature=share", f"{YT}{VIDEO}?rel=0&autoplay=1"),
        (f"https://www.youtube.com/embed/{VIDEO}?start=5", f"{YT}{VIDEO}?rel=0&autoplay=1&start=5"),
        (
            "https://www.youtube.com/playlist?list=PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf",
            f"{YT}videoseries?list=PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf&rel=0&autoplay=1",
        ),
    ],
    "vimeo": [
        ("https://vimeo.com/347119375", "https://player.vimeo.com/video/347119375?dnt=1&autoplay=1"),
        ("https://vimeo.com/347119375/8a2c9f01bd", "https://player.vimeo.com/video/347119375?dnt=1&autoplay=1&h=8a2c9f01bd"),
        ("https://vimeo.com/channels/staffpicks/347119375", "https://player.vimeo.com/video/347119375?dnt=1&autoplay=1"),
        ("https://vimeo.com/showcase/1234/video/347119375", "https://player.vimeo.com/video/347119375?dnt=1&autoplay=1"),
        ("https://player.vimeo.com/video/347119375?h=8a2c9f01bd", "https://player.vimeo.com/video/347119375?dnt=1&autoplay=1&h=8a2c9f01bd"),
    ],
    "loom": [
        (f"https://www.loom.com/share/{LOOM}?sid=1", f"https://www.loom.com/embed/{LOOM}?autoplay=1"),
        (f"https://loom.com/share/Weekly-plan-{LOOM}", f"https://www.loom.com/embed/{LOOM}?autoplay=1"),
    ],
    "wistia": [
        ("https://acme.wistia.com/medias/e4a27b971d", "https://fast.wistia.net/embed/iframe/e4a27b971d?dnt=1&autoPlay=true"),
        ("https://fast.wistia.net/embed/iframe/e4a27b971d", "https://fast.wistia.net/embed/iframe/e4a27b971d?dnt=1&autoPlay=true"),
    ],
    "vidyard": [
        (
            f"https://{host}{path}sMRR1zTPnsVHoYaAZYTHxe{end}",
            "https://play.vidyard.com/sMRR1zTPnsVHoYaAZYTHxe?disable_analytics=1&autoplay=1",
        )
        for host, path, end in (
            ("video.vidyard.com", "/watch/", "?"),
            ("share.vidyard.com", "/watch/", ""),
            ("play.vidyard.com", "/", ".html"),
        )
    ],
    "google-slides": [
        (
            f"https://docs.google.com/presentation/d/{GOOGLE}/edit?usp=sharing#slide=id.p",
            f"https://docs.google.com/presentation/d/{GOOGLE}/preview",
        ),
        (f"https://docs.google.com/presentation/u/0/d/{GOOGLE}/view", f"https://docs.google.com/presentation/d/{GOOGLE}/preview"),
        (
            f"https://docs.google.com/presentation/d/e/{PUBLISHED}/pub?start=false",
            f"https://docs.google.com/presentation/d/e/{PUBLISHED}/embed",
        ),
    ],
    "google-docs": [
        (f"https://docs.google.com/document/d/{GOOGLE}/edit", f"https://docs.google.com/document/d/{GOOGLE}/preview"),
        (f"https://docs.google.com/document/d/e/{PUBLISHED}/pub", f"https://docs.google.com/document/d/e/{PUBLISHED}/pub?embedded=true"),
    ],
    "google-sheets": [
        (f"https://docs.google.com/spreadsheets/d/{GOOGLE}/edit#gid=0", f"https://docs.google.com/spreadsheets/d/{GOOGLE}/preview"),
        (
            f"https://docs.google.com/spreadsheets/d/e/{PUBLISHED}/pubhtml",
            f"https://docs.google.com/spreadsheets/d/e/{PUBLISHED}/pubhtml?widget=true&headers=false",
        ),
    ],
    "google-forms": [
        (
            f"https://docs.google.com/forms/d/e/{PUBLISHED}/viewform?usp=sf_link",
            f"https://docs.google.com/forms/d/e/{PUBLISHED}/viewform?embedded=true",
        )
    ],
    "google-drive": [
        (f"https://drive.google.com/file/d/{GOOGLE}/view?usp=drive_link", f"https://drive.google.com/file/d/{GOOGLE}/preview"),
        (f"https://drive.google.com/open?id={GOOGLE}", f"https://drive.google.com/file/d/{GOOGLE}/preview"),
    ],
    "figma": [
        (
            f"https://www.figma.com/design/{KEY}/The-plan?node-id=5-3&t=x",
            f"https://embed.figma.com/design/{KEY}?embed-host=planmark&node-id=5-3",
        ),
        (f"https://www.figma.com/file/{KEY}/The%20plan", f"https://embed.figma.com/design/{KEY}?embed-host=planmark"),
        *(
            (f"https://figma.com/{kind}/{KEY}", f"https://embed.figma.com/{kind}/{KEY}?embed-host=planmark")
            for kind in ("proto", "board", "slides", "deck")
        ),
    ],
    "canva": [
        ("https://www.canva.com/design/DAGexample1/view?utm_content=x", "https://www.canva.com/design/DAGexample1/view?embed"),
        (
            "https://www.canva.com/design/DAGexample1/aBcDeFgHiJkLmNoPqRsTuV/watch",
            "https://www.canva.com/design/DAGexample1/aBcDeFgHiJkLmNoPqRsTuV/watch?embed",
        ),
    ],
    "pitch": [
        (f"https://pitch.com/embed/{UUID}", f"https://pitch.com/embed/{UUID}"),
        (f"https://pitch.com/public/{UUID}", f"https://pitch.com/embed/{UUID}"),
        (f"https://app.pitch.com/app/public/player/{UUID}", f"https://pitch.com/embed/{UUID}"),
        ("https://pitch.com/embed-link/69ekp9", "https://pitch.com/embed-link/69ekp9"),
    ],
    "typeform": [
        ("https://acme.typeform.com/to/aBcDeF12?utm=x", "https://acme.typeform.com/to/aBcDeF12"),
        ("https://form.typeform.com/to/aBcDeF12", "https://form.typeform.com/to/aBcDeF12"),
    ],
    "calendly": [
        ("https://calendly.com/acme-planning/30min?month=2026-11", f"https://calendly.com/acme-planning/30min{INLINE}"),
        ("https://calendly.com/acme-planning", f"https://calendly.com/acme-planning{INLINE}"),
        ("https://calendly.com/d/abc-123-xyz/walk-through", f"https://calendly.com/d/abc-123-xyz/walk-through{INLINE}"),
    ],
    "cal": [
        ("https://cal.com/acme-planning/30min", "https://cal.com/acme-planning/30min?layout=month_view"),
        ("https://cal.com/team/acme/walk-through", "https://cal.com/team/acme/walk-through?layout=month_view"),
    ],
    "hubspot-meetings": [
        ("https://meetings.hubspot.com/dana-whitfield", "https://meetings.hubspot.com/dana-whitfield?embed=true"),
        ("https://meetings-eu1.hubspot.com/dana/intro?uuid=1", "https://meetings-eu1.hubspot.com/dana/intro?embed=true"),
    ],
    "arcade": [
        ("https://app.arcade.software/share/JxLpXPUuOXd4ad9mwlC9", "https://demo.arcade.software/JxLpXPUuOXd4ad9mwlC9?embed"),
        ("https://demo.arcade.software/JxLpXPUuOXd4ad9mwlC9?embed&x=1", "https://demo.arcade.software/JxLpXPUuOXd4ad9mwlC9?embed"),
    ],
    "navattic": [("https://capture.navattic.com/cl1x2y3z4000example1234567", "https://capture.navattic.com/cl1x2y3z4000example1234567")],
    "storylane": [
        ("https://app.storylane.io/share/pudefwx54tun", "https://app.storylane.io/demo/pudefwx54tun?embed=inline"),
        ("https://app.storylane.io/demo/pudefwx54tun?embed=popup", "https://app.storylane.io/demo/pudefwx54tun?embed=inline"),
    ],
    "miro": [
        (
            f"https://miro.com/app/{kind}/uXjVNwHlyRd=/?share_link_id=123",
            "https://miro.com/app/live-embed/uXjVNwHlyRd=/?embedMode=view_only_without_ui",
        )
        for kind in ("board", "live-embed")
    ],
    "airtable": [
        (f"https://airtable.com/{way}shrAbCdEfGhIjKlMn", f"https://airtable.com/embed/{back}shrAbCdEfGhIjKlMn")
        for way, back in (("", ""), ("appAbCdEfGhIjKlMn/", "appAbCdEfGhIjKlMn/"), ("embed/", ""))
    ]
    + [
        (
            "https://airtable.com/appAbCdEfGhIjKlMn/pagAbCdEfGhIjKlMn/form",
            "https://airtable.com/embed/appAbCdEfGhIjKlMn/pagAbCdEfGhIjKlMn/form",
        )
    ],
}


def shown(url: str) -> str | None:
    found = frame_of(url, PROVIDERS, WHERE)
    return found.src if found else None


def test_every_provider_has_its_forms_here() -> None:
    assert set(FORMS) == set(PROVIDERS)
    assert all(isinstance(one, Embed) for one in PROVIDERS.values())


@pytest.mark.parametrize(("name", "url", "src"), [(name, *pair) for name, pairs in FORMS.items() for pair in pairs])
def test_an_address_that_people_share_becomes_what_is_shown(name: str, url: str, src: str) -> None:
    found = frame_of(url, PROVIDERS, WHERE)
    assert found is not None
    assert (found.src, found.provider, found.kind) == (src, PROVIDERS[name].name, PROVIDERS[name].kind)
    assert "allow-top-navigation" not in found.sandbox
    assert found.hosts[0] == urlsplit(src).hostname
    players = name in ("youtube", "vimeo", "wistia", "vidyard")
    assert found.referrer == ("strict-origin-when-cross-origin" if players else "no-referrer")


@pytest.mark.parametrize("url", [pair[0] for pairs in FORMS.values() for pair in pairs])
def test_the_same_address_with_anything_odd_about_it_stays_a_link(url: str) -> None:
    """Another scheme, a user, a port, a dot at the end, a host that only looks alike, what is encoded or climbs."""
    host = urlsplit(url).hostname or ""
    rest = url.removeprefix(f"https://{host}")
    for odd in (
        f"http://{host}{rest}",
        f"//{host}{rest}",
        f"javascript://{host}{rest}",
        f"https://user@{host}{rest}",
        f"https://{host}@evil.example{rest}",
        f"https://{host}:443{rest}",
        f"https://{host}.{rest}",
        f"https://{host}.evil.example{rest}",
        f"https://evil-{host}{rest}" if host.count(".") < 2 else f"https://evil.example/{host}{rest}",
        f"https://xn--{host}{rest}",
        f"https://{host.replace('o', 'о')}{rest}" if "o" in host else "https://еvil.com/",
        f"https://{host}/..{rest}",
        f"https://{host}/%2e%2e{rest}",
        f"https://{host}/{rest}",
        f"https://{host}{rest.replace('/', '%2F')}",
        f"https://{host}{rest.replace('/', chr(92), 1)}",
        f" {url}",
        f"{url}\n",
        f'{url}"onload="x',
        f"{url}<script>",
    ):
        assert shown(odd) is None, odd


@pytest.mark.parametrize(
    "url",
    [
        "https://docsend.com/view/abcd1234",
        "https://www.slideshare.net/acme/plan",
        "https://acme.chilipiper.com/book/me",
        "https://acme.sharepoint.com/:p:/s/x/Eabc?e=1",
        "https://1drv.ms/p/s!abc",
        "https://view.officeapps.live.com/op/embed.aspx?src=https%3A%2F%2Facme.example%2Fx.pptx",
        "https://pitch.com/v/the-plan-abc123",
        "https://forms.gle/abcdefg",
        "https://calendly.com/login",
        "https://www.canva.com/design/DAGexample1/edit",
        "https://youtube.com/@acme",
        f"https://youtube.com/watch?v={VIDEO}&v={VIDEO}",
        f"https://youtube.com/watch?v={VIDEO}x",
        "https://youtube.com/watch?v=../../../../x",
        "https://a.b.typeform.com/to/aBcDeF12",
        "mailto:dana@acme.example",
        "",
    ],
)
def test_what_nobody_can_show_stays_a_link(url: str) -> None:
    assert shown(url) is None


PIECES = st.sampled_from([pair[0] for pairs in FORMS.values() for pair in pairs])
BITS = st.text(st.sampled_from("/?#&=%.@:\\-_~ <>\"'aZ09еİ\u202e\x00"), max_size=6)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """An address of ours with bits of it cut, doubled or replaced, sometimes with the tail of another."""
    url = draw(PIECES)
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(url)))
        end = draw(st.integers(start, min(len(url), start + 12)))
        url = url[:start] + draw(st.one_of(BITS, st.just(url[start:end] * 2))) + url[end:]
    if draw(st.booleans()):
        other = draw(PIECES)
        url += other[draw(st.integers(0, len(other))) :]
    return url


@given(st.one_of(mutated(), st.text(max_size=80), st.from_regex(r"https://[a-z.]{3,30}/[ -~]{0,60}", fullmatch=True)))
def test_whatever_goes_in_what_comes_out_was_declared(url: str) -> None:
    """https, a host that the provider declared, ids of letters, digits, `-`, `_` and `=`; and never an error."""
    found = frame_of(url, PROVIDERS, WHERE)
    if found is None:
        return
    parts = urlsplit(found.src)
    (provider,) = {one.name: one for one in PROVIDERS.values() if one.name == found.provider}.values()
    assert parts.scheme == "https"
    assert answers(provider.frames, parts.netloc)
    assert re.fullmatch(r"(?:/[A-Za-z0-9_=-]+)+/?", parts.path)
    assert re.fullmatch(r"(?:[A-Za-z0-9_-]+(?:=[A-Za-z0-9_-]*)?&?)*", parts.query)
    assert not parts.fragment
    assert parts.netloc in found.hosts


@given(st.text(max_size=200))
def test_an_address_is_taken_apart_or_refused(text: str) -> None:
    found = address_of(text)
    assert found is None or re.fullmatch(r"[a-z0-9.-]+\.[a-z]+", found.host)


ACME = {
    "name": "Acme Theatre",
    "kind": "video",
    "hosts": ("watch.acme.example",),
    "frames": ("play.acme.example",),
    "allow": ("autoplay",),
    "tells_origin": False,
    "shown": lambda address: f"https://play.acme.example/{address.path}",
}


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Install a package that adds a provider `acme`; what is given differs from one in order."""

    def put(**other: object) -> None:
        one = SimpleNamespace(**{key: value for key, value in {**ACME, **other}.items() if value is not None})
        monkeypatch.setitem(sys.modules, "acme_planmark", SimpleNamespace(EMBED=one))  # type: ignore[arg-type]  # as good as a module
        found = [importlib.metadata.EntryPoint("acme", "acme_planmark:EMBED", EMBEDS)]
        monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: found if group == EMBEDS else [])

    return put


def test_a_package_adds_a_provider(install: Any) -> None:
    install()
    assert wrong_providers(("acme",), WHERE) == []
    found = frame_of("https://watch.acme.example/film", usable(("acme",)), WHERE)
    assert found is not None
    assert (found.src, found.provider, found.allow, found.hosts) == (
        "https://play.acme.example/film",
        "Acme Theatre",
        "autoplay",
        ("play.acme.example",),
    )
    assert frame_of("https://watch.acme.example/film", usable(()), WHERE) is None, "only what planmark.yaml names"


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"frames": None}, "lacks what a provider has"),
        ({"name": "x" * 60}, "`name` is no short text"),
        ({"kind": "game"}, "`kind` is not one of video"),
        ({"frames": ("*.acme.example",)}, "`frames` are not a tuple of hosts"),
        ({"frames": ("'self'",)}, "`frames` are not a tuple of hosts"),
        ({"hosts": "watch.acme.example"}, "`hosts` are not a tuple of hosts"),
        ({"allow": ("camera",)}, "`allow` may hold"),
    ],
)
def test_a_provider_that_declares_too_much_is_not_taken(install: Any, other: dict[str, object], says: str) -> None:
    install(**other)
    (problem,) = wrong_providers(("acme",), WHERE)
    assert (problem.code, problem.location) == ("PM704", WHERE)
    assert says in problem.message
    assert "acme" not in usable(("acme",))


def test_a_provider_that_is_not_there_is_told(install: Any) -> None:
    install()
    (problem,) = wrong_providers(("acne",), WHERE)
    assert (problem.code, problem.hint) == ("PM703", "did you mean `acme`?")


def docs() -> str:
    return (Path(__file__).parents[2] / "docs" / "embeds.md").read_text(encoding="utf-8")


def test_every_provider_is_documented() -> None:
    table = docs().partition("## Providers")[2].partition("Everything else")[0]
    for one in PROVIDERS.values():
        assert re.search(rf"\*\*.*{re.escape(one.name.removeprefix('Google '))}.*\*\*", table), one.name


def test_the_provider_in_the_documentation_works(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("acme_planmark")
    (code,) = re.findall(r"```python\n(.*?)```", docs(), re.DOTALL)
    exec(code, module.__dict__)
    monkeypatch.setitem(sys.modules, "acme_planmark", module)
    found = [importlib.metadata.EntryPoint("acme", "acme_planmark:EMBED", EMBEDS)]
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: found)
    assert wrong_providers(("acme",), WHERE) == []
    frame = frame_of("https://watch.acme.example/film/12345", usable(("acme",)), WHERE)
    assert frame is not None
    assert frame.src == "https://play.acme.example/12345?autoplay=1"
    assert frame_of("https://watch.acme.example/film/123456", usable(("acme",)), WHERE) is None


def _fails(address: Address) -> str:
    raise KeyError(address.path)


@pytest.mark.parametrize(
    "src",
    [
        "https://evil.example/film",
        "https://play.acme.example.evil.example/film",
        "http://play.acme.example/film",
        "javascript:alert(1)",
        'https://play.acme.example/film"><script>',
        "https://play.acme.example@evil.example/film",
        "https://play.acme.example/fi lm",
        7,
        _fails,
    ],
)
def test_what_a_provider_returns_is_checked_again(install: Any, src: Any) -> None:
    install(shown=src if callable(src) else lambda address: src)
    with pytest.raises(PlanmarkError, match=r"PM704.*acme"):
        frame_of("https://watch.acme.example/film", usable(("acme",)), WHERE)
