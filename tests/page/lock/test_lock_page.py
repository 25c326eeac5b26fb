"""The page before a protected plan: how it is opened, what it says when it isn't, what stays in the browser."""

from __future__ import annotations

import gzip
import html
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.build.protected import SITE, given, protected, with_key
from tests.everyone.axe import violations
from tests.everyone.conftest import FULL
from tests.page.lock.conftest import Reader, enter, is_locked, is_open, storage
from tests.page.lock.sealing import KEY, PASSPHRASE, Locked, protect
from tests.publish.published import serving

from planmark.content.access.giving import revoke
from planmark.content.access.slots import in_link
from planmark.plan.headers import FRESH, HEADERS
from planmark.plan.scalars import LANGUAGES
from planmark.problems import Location
from planmark.shipped import THEMES
from planmark.site.environment import environment
from planmark.site.sealed.lock import lock_page
from planmark.site.sealed.manifest import Lock
from planmark.site.theme import load_theme

KEPT = f"planmark-lock:{KEY.plan}"
LINK = "This link opens the plan no longer. Please enter the passphrase, or ask for a new link."
WRONG = "This is not the passphrase. Please check it and try again."


def test_the_passphrase_opens_it(locked: Locked, reader: Reader) -> None:
    """In the same document, by the keyboard alone; a screen reader is led to the plan's title."""
    page = reader.open(locked.url)
    is_locked(page)
    assert page.title() == "This plan is protected"
    page.keyboard.type(PASSPHRASE)
    page.keyboard.press("Enter")
    is_open(page)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert page.title() == "Quotes out in a day"
    assert page.url == locked.url
    assert page.evaluate("document.documentElement.lang") == "en-GB"
    assert storage(page) == {"session": [KEPT], "local": [], "databases": ["planmark-lock"], "cookies": []} | {
        "local": [one for one in storage(page)["local"] if one.startswith("planmark:")]
    }
    kept = page.evaluate("JSON.stringify([Object.entries(localStorage), document.cookie])")
    assert page.evaluate("(name) => sessionStorage[name]", KEPT) not in kept


def test_a_wrong_one_is_told_and_may_be_mended(locked: Locked, reader: Reader) -> None:
    """As often as it takes."""
    page = reader.open(locked.url)
    field = page.get_by_label("Passphrase", exact=True)
    expect(field).to_have_attribute("aria-invalid", "false")
    for wrong in ("h7kq-2mfp-x9ta-c4wm", "H7KQ-2MFP-X9TA-C4WN", "nonsense"):
        enter(page, wrong)
        is_locked(page, WRONG)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(WRONG)
    enter(page, "  ")
    is_locked(page, "Please enter the passphrase.")
    assert page.url == locked.url
    enter(page)
    is_open(page)


def test_what_is_shown_while_it_is_opened(locked: Locked, reader: Reader) -> None:
    """It says so, and pressing again does nothing."""
    page = reader.open(locked.url)
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    said = page.evaluate(
        """() => new Promise((done) => {
          const button = document.querySelector(".lock-open"), status = document.querySelector(".lock-status");
          button.click();
          button.click();
          requestAnimationFrame(() => done([status.textContent, button.getAttribute("aria-disabled")]));
        })"""
    )
    assert said == ["The plan is being opened …", "true"]
    is_open(page)


@pytest.mark.parametrize("typed", [f"\n {PASSPHRASE} ", PASSPHRASE.replace("h7kq", "ｈ７ｋｑ")])
def test_how_it_was_pasted_does_not_matter(locked: Locked, reader: Reader, typed: str) -> None:
    """Space around it, or letters as wide as Japanese ones."""
    page = reader.open(locked.url)
    page.evaluate("(text) => { const data = new DataTransfer(); data.setData('text/plain', text); }", typed)
    page.get_by_label("Passphrase", exact=True).focus()
    page.keyboard.insert_text(typed)
    page.keyboard.press("Enter")
    is_open(page)


def test_any_letters_make_a_passphrase(locked: Locked, reader: Reader) -> None:
    """Decomposed accents and a hard space are the same as what the sender typed."""
    protect(locked.open, locked.root / "letters", passphrase="Zürich – größte ﬁne Ⅳ 日本語", iterations=1000)
    page = reader.open(f"{locked.origin}/letters/")
    enter(page, "Zu\u0308rich\u00a0–  größte fine IV 日本語")
    is_open(page)


def test_it_can_be_seen_while_it_is_typed(locked: Locked, reader: Reader) -> None:
    page = reader.open(locked.url)
    field = page.get_by_label("Passphrase", exact=True)
    field.fill("abc")
    show = page.get_by_role("button", name="Show")
    expect(field).to_have_attribute("type", "password")
    expect(field).to_have_attribute("autocomplete", "current-password")
    show.click()
    expect(field).to_have_attribute("type", "text")
    expect(show).to_have_attribute("aria-pressed", "true")
    expect(field).to_be_focused()
    show.click()
    expect(field).to_have_attribute("type", "password")


def test_everything_is_reached_with_the_keyboard(locked: Locked, reader: Reader) -> None:
    page = reader.open(locked.url)
    is_locked(page)
    reached = []
    for _ in range(3):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.className || document.activeElement.type"))
    assert reached == ["lock-show", "checkbox", "lock-open"]


def test_a_link_opens_it_by_itself(locked: Locked, reader: Reader) -> None:
    """The key goes from the address at once, and a reload needs none."""
    page = reader.open(locked.link)
    is_open(page)
    assert page.url == locked.url
    page.reload()
    is_open(page)
    assert page.url == locked.url


def test_no_key_stays_in_the_address_however_many_there_are(locked: Locked, reader: Reader) -> None:
    """As where a link was pasted onto another one. The first one counts."""
    page = reader.open(f"{locked.link}&k=AAAAAAAAAAAAAAAAAAAAAA&at=task-nda&{locked.sealed.link}")
    is_open(page)
    assert page.url == f"{locked.url}#at=task-nda"


def test_the_form_does_not_flash_up_where_it_is_not_needed(locked: Locked, reader: Reader) -> None:
    context = reader.window()
    context.add_init_script(
        """new MutationObserver(() => {
          const form = document.querySelector(".lock-form");
          if (form && !form.hidden) globalThis.flashed = true;
        }).observe(document, { subtree: true, childList: true, attributes: true });"""
    )
    page = reader.open(locked.link, context)
    is_open(page)
    page.reload()
    is_open(page)
    assert page.evaluate("globalThis.flashed") is None


@pytest.mark.parametrize("before", [True, False])
def test_what_else_is_in_the_link_is_left_to_the_plan(locked: Locked, reader: Reader, before: bool) -> None:
    """A personal link greets, and leads to its task."""
    token = locked.token("joost")
    own = f"t={token}&at=task-nda"
    page = reader.open(f"{locked.url}#{locked.sealed.link}&{own}" if before else f"{locked.url}#{own}&{locked.sealed.link}")
    is_open(page)
    expect(page.locator(".greeting")).to_contain_text("Joost")
    assert page.locator("#task-nda").evaluate("(one) => one.open")
    assert page.url == f"{locked.url}#task-nda"


def test_a_link_that_comes_into_a_tab_that_is_open(locked: Locked, reader: Reader) -> None:
    """Pasted over the address of the page that asks, and over that of the plan."""
    page = reader.open(locked.url)
    is_locked(page)
    page.evaluate("(hash) => { location.hash = hash; }", locked.sealed.link)
    is_open(page)
    token = locked.token("joost")
    page.evaluate("(hash) => { location.hash = hash; }", f"{locked.sealed.link}&t={token}")
    expect(page.locator(".greeting")).to_contain_text("Joost")
    assert page.url == locked.url


@pytest.mark.parametrize("key", ["AAAAAAAAAAAAAAAAAAAAAA", *(["no key at all", "%"] if FULL else [])])
def test_a_link_that_was_revoked(locked: Locked, reader: Reader, key: str) -> None:
    page = reader.open(f"{locked.url}#k={key}&at=task-nda")
    is_locked(page, LINK)
    assert page.url == f"{locked.url}#at=task-nda"
    enter(page)
    is_open(page)
    assert page.locator("#task-nda").evaluate("(one) => one.open")


def test_nothing_is_remembered_unless_somebody_asks_for_it(locked: Locked, reader: Reader) -> None:
    page = reader.open(locked.url)
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    enter(page)
    is_open(page)
    assert _on_device(page) == 0
    is_locked(reader.open(locked.url, page.context))


def test_it_is_remembered_on_this_device_and_forgotten_again(locked: Locked, reader: Reader) -> None:
    """As a key that opens the plan and cannot be read. Locking takes it from all places."""
    page = reader.open(locked.url)
    page.get_by_role("checkbox").check()
    enter(page)
    is_open(page)
    assert KEPT not in storage(page)["session"]
    other = reader.open(locked.url, page.context)
    is_open(other)
    assert _on_device(other) == 1
    refused = """async () => {
      const key = await new Promise((done) => {
        indexedDB.open("planmark-lock").onsuccess = ({ target }) => {
          target.result.transaction("keys").objectStore("keys").getAll().onsuccess = (event) => done(event.target.result[0]);
        };
      });
      return [key.extractable, key.type, await crypto.subtle.exportKey("raw", key).catch((error) => error.name)];
    }"""
    assert other.evaluate(refused) in [[False, "secret", error] for error in ("InvalidAccessError", "NotSupportedError")]
    expect(other.locator(".lock-said")).to_have_text("Remembered on this device")
    expect(other.get_by_role("button", name="Remember on this device")).to_be_hidden()
    other.get_by_role("button", name="Lock", exact=True).click()
    is_locked(other)
    assert _on_device(other) == 0
    is_locked(reader.open(locked.url, page.context))


def test_who_came_by_a_link_can_have_it_remembered(locked: Locked, reader: Reader) -> None:
    page = reader.open(locked.link)
    page.get_by_role("button", name="Remember on this device").click()
    expect(page.locator(".lock-said")).to_have_text("Remembered on this device")
    assert KEPT not in storage(page)["session"]
    is_open(reader.open(locked.url, page.context))


def test_going_back_opens_nothing_that_was_locked(locked: Locked, reader: Reader) -> None:
    page = reader.open(locked.link)
    page.get_by_role("link", name="Who and how").first.click()
    expect(page).to_have_title(re.compile("Who and how"))
    page.get_by_role("button", name="Lock", exact=True).click()
    is_locked(page)
    page.go_back()
    is_locked(page)
    enter(page)
    is_open(page)
    page.evaluate("sessionStorage.clear(); dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    is_locked(page)  # also where the browser has kept the whole page


def test_a_new_passphrase_makes_what_was_kept_useless(locked: Locked, reader: Reader) -> None:
    """The page says so, and forgets the old key."""
    folder, link = locked.copy("renewed")
    page = reader.open(link)
    page.get_by_role("button", name="Remember on this device").click()
    expect(page.locator(".lock-said")).to_have_text("Remembered on this device")
    protect(locked.open, folder, key=type(KEY)(KEY.plan, b"n" * 32), passphrase="another one", iterations=1000)
    page.reload()
    is_locked(page, "What was remembered opens the plan no longer. Please enter the passphrase.")
    assert _on_device(page) == 0
    enter(page, "another one")
    is_open(page)


def test_without_javascript_it_says_what_it_needs(locked: Locked, reader: Reader) -> None:
    page = reader.open(locked.url, java_script_enabled=False)
    expect(page.locator("noscript p")).to_be_visible()
    assert "needs JavaScript" in page.locator("noscript").inner_text()
    expect(page.locator("form")).to_be_hidden()


def test_over_plain_http_it_names_https(locked: Locked, reader: Reader) -> None:
    """There browsers have no cryptography. The link to the same page keeps its key."""
    context, folder = reader.window(), locked.root / "plan"
    reader.own.append("http://plans.example")
    context.route(
        "http://plans.example/**",
        lambda route: route.fulfill(
            path=folder / (route.request.url.split("#")[0].removeprefix("http://plans.example/plan/") or "index.html")
        ),
    )
    page = reader.open("http://plans.example/plan/#at=task-nda", context)
    expect(page.get_by_text("over https only")).to_be_visible()
    expect(page.locator("form")).to_be_hidden()
    link = page.get_by_role("link", name="Open this page over https")
    expect(link).to_have_attribute("href", "https://plans.example/plan/#at=task-nda")


@pytest.mark.parametrize("scheme", ["dark", *(["light"] if FULL else [])])
def test_axe_finds_nothing(locked: Locked, reader: Reader, scheme: str) -> None:
    """On the page that asks, when it complains, on the one that gave up, and on the plan."""
    page = reader.open(locked.url, color_scheme=scheme, viewport={"width": 360, "height": 740})
    is_locked(page)
    assert violations(page) == []
    enter(page, "wrong")
    is_locked(page, WRONG)
    assert violations(page) == []
    page.get_by_role("button", name="Show").click()
    assert violations(page) == []
    enter(page)
    is_open(page)
    assert [one for one in violations(page) if "lock" in one] == []


def test_the_policy_allows_what_the_plan_needs_and_what_decrypting_takes() -> None:
    """And nothing else: it cannot be widened later."""
    looks = load_theme(THEMES.parent, "default", Location(""))
    lock = Lock("1" * 32, bytes(16), 1_000_000, "assets/none.bin", ())
    needs = {"connect-src": ["https://forms.example"], "form-action": ["https://forms.example"], "img-src": ["'self'"]}
    page = html.unescape(lock_page(looks, environment(looks, "en"), lock, needs)["index.html"].decode())
    found = re.search('<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    assert found
    assert found[1].split("; ") == [
        "default-src 'none'",
        "base-uri 'none'",
        "form-action https://forms.example",
        "connect-src 'self' https://forms.example",
        "font-src 'self' blob:",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "script-src 'self'",
        "style-src 'self'",
        "trusted-types planmark",
        "require-trusted-types-for 'script'",
    ]


def test_the_script_is_small() -> None:
    """It stands before everything else."""
    assert len(gzip.compress((THEMES / "default" / "assets" / "lock.js").read_bytes(), 9)) <= 7 * 1024


def test_what_a_build_makes_opens_for_whom_it_is(reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the passphrase and by the link that `planmark access` prints; after it was revoked, by neither."""
    with_key(monkeypatch)
    small = protected(tmp_path)
    maria, joost = given(small), given(small, "joost")
    small.build()
    assert maria.kept
    assert joost.kept
    with serving(small.sites, {**HEADERS, "Cache-Control": FRESH}) as origin:
        reader.own.append(origin)
        address = f"{origin}/{SITE}/"
        page = reader.open(address)
        enter(page, maria.kept.passphrase)
        expect(page.get_by_role("heading", level=1)).to_have_text("Rollout for acme")
        link = f"{address}#k={in_link(joost.kept.link_key)}"
        expect(reader.open(link).get_by_role("heading", level=1)).to_have_text("Rollout for acme")
        revoke(small.root, "acme", "joost")
        small.build()
        is_locked(reader.open(link), LINK)
        page.reload()
        is_locked(page, "What was remembered opens the plan no longer. Please enter the passphrase.")
        enter(page, joost.kept.passphrase)
        is_locked(page, WRONG)
        enter(page, maria.kept.passphrase)
        expect(page.get_by_role("heading", level=1)).to_have_text("Rollout for acme")


@pytest.mark.parametrize("theme", ["default", "folio", "poster"])
def test_two_plans_have_the_same_page(theme: str) -> None:
    """But for what the script needs, which is by chance: nothing tells whose a plan is."""
    looks = load_theme(THEMES.parent, theme, Location(""))
    for locale in LANGUAGES:
        made = []
        for plan in ("1" * 32, "2" * 32):
            lock = Lock(plan, plan[:16].encode(), 1_000_000, f"assets/{plan}.bin", (plan.encode() * 2,))
            files = lock_page(looks, environment(looks, locale), lock, {"frame-src": ["https://player.example"]})
            made.append({path: re.sub(r' data-lock="[^"]*"', "", data.decode()) for path, data in files.items()})
        assert made[0] == made[1]
        assert "frame-src https://player.example;" in made[0]["index.html"]


def _on_device(page: Page) -> int:
    count: int = page.evaluate(
        """() => new Promise((done) => {
          indexedDB.open("planmark-lock").onsuccess = ({ target }) => {
            target.result.transaction("keys").objectStore("keys").count().onsuccess = (event) => done(event.target.result);
          };
        })"""
    )
    return count
