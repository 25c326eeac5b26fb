"""Random edits of a small workspace, as people and their editors make them: one seed, one history."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from tests.build.small import PAGE, RESOURCES, SVG, THEME, TODAY, WORKSPACE, Small, files, plan

EVERYBODY = "*"
DEFAULT_THEME = 'light: {paper: "#ffffff", ink: "#111111", accent: "#224466"}\ndark: {paper: "#111111", ink: "#eeeeee"}\n'


class Edits:
    """A workspace under random edits. `step` makes one and says which deals it can touch."""

    def __init__(self, small: Small, seed: int) -> None:
        self.small = small
        self.random = Random(seed)
        self.today = TODAY
        self.made = 0
        self.touched: set[str] = set()
        self.deals: dict[str, str] = {}
        """Every deal with the theme that it names; empty: the workspace's."""
        self.heirs: dict[str, str] = {}
        """Deals that continue another, each with the id of that one."""
        small.write(files(()))
        for _ in range(4):
            self.add_deal()
        self.kinds: list[Callable[[], str]] = [
            *[self.change_plan] * 4,
            *[self.change_prose] * 2,
            self.add_deal,
            *[self.hand_on] * 2,
            self.remove_deal,
            self.rename_deal,
            self.change_key,
            self.add_stray_content,
            self.touch,
            self.add_note,
            self.add_history,
            self.remove_content,
            *[self.break_deal] * 2,
            self.change_template,
            self.add_block,
            self.change_style,
            self.break_template,
            self.override_shipped,
            self.break_theme,
            *[self.change_library] * 2,
            self.break_library,
            *[self.change_workspace] * 2,
            self.break_workspace,
            *[self.move_today] * 3,
        ]

    def step(self) -> str:
        """Make one edit, and describe it. `touched` are then the deals that it may change; `*` for all."""
        self.touched = set()
        before = dict(self.heirs)
        said = self.random.choice(self.kinds)()
        for _ in range(len(before) + len(self.heirs)):  # who has the link, and what it is, is a matter of all of them
            for heir, name in (*before.items(), *self.heirs.items()):
                if self.touched & {heir, name}:
                    self.touched |= {heir, name}
        return said

    def _number(self) -> int:
        self.made += 1
        return self.made

    def _deal(self) -> str:
        if not self.deals:
            self.add_deal()
        name = self.random.choice(sorted(self.deals))
        self.touched.add(name)
        return name

    # one deal

    def add_deal(self) -> str:
        """A deal of its own making: some use the library, some a theme of their own."""
        number = self._number()
        name = f"deal{number}"
        self.deals[name] = self.random.choice(["", "", "default"])
        self._write_plan(name, number)
        self.small.write({f"content/{name}/overview.md": f"Why *{name}* is here.\n"})
        self.touched.add(name)
        return f"add {name} with theme {self.deals[name] or 'of the workspace'}"

    def _write_plan(self, name: str, share: int | None) -> None:
        draw = self.random
        resources = draw.choice(["[]", "[tour]", "[tour, paper]", "[{id: own, title: Our own, file: own.svg}]"])
        more = ["summary: overview.md"]
        if self.heirs.get(name) not in self.deals:
            self.heirs.pop(name, None)
        if name in self.heirs:
            share = None
            more.append(f"continues: {self.heirs[name]}")
        if self.deals[name]:
            more.append(f"theme: {self.deals[name]}")
        text = plan(
            f"Rollout {self._number()} for {name}",
            share=share,
            tasks=[f"Task {draw.randrange(40)} of {name} no {n}" for n in range(draw.randint(1, 3))],
            due=(self.today + timedelta(days=draw.randint(-2, 4))).isoformat(),
            resources=resources,
            more="\n".join(more),
        )
        if draw.random() < 0.2:
            text = text.replace("version: 2026-11-03\n", "")
        self.small.write({f"content/{name}/plan.yaml": text, f"content/{name}/own.svg": SVG.format(colour=f"#{draw.randrange(16**6):06x}")})

    def change_plan(self) -> str:
        """Rewrite a plan: this also mends one that had a mistake."""
        name = self._deal()
        self._write_plan(name, self._number())
        self.small.write({f"content/{name}/overview.md": f"Why *{name}* is here, again {self._number()}.\n"})
        return f"change the plan of {name}"

    def change_prose(self) -> str:
        """The value summary alone."""
        name = self._deal()
        self.small.write({f"content/{name}/overview.md": f"# Because\n\nIt pays: {self._number()}.\n"})
        return f"change the prose of {name}"

    def hand_on(self) -> str:
        """A plan goes on as another, under its link."""
        name = self._deal()
        if name in self.heirs.values():
            return f"hand {name} on no second time"
        other = f"deal{self._number()}"
        self.deals[other] = self.random.choice(["", "default"])
        self.heirs[other] = name
        self._write_plan(other, None)
        self.small.write({f"content/{other}/overview.md": f"How *{name}* goes on.\n"})
        self.touched.add(other)
        return f"hand {name} on to {other}"

    def remove_deal(self) -> str:
        """A deal less."""
        name = self._deal()
        del self.deals[name]
        self.heirs.pop(name, None)
        self.small.remove(f"content/{name}")
        return f"remove {name}"

    def rename_deal(self) -> str:
        """A deal's folder gets another name, and with it another address."""
        name = self._deal()
        other = f"deal{self._number()}"
        (self.small.root / "content" / name).rename(self.small.root / "content" / other)
        self.deals[other] = self.deals.pop(name)
        if name in self.heirs:
            self.heirs[other] = self.heirs.pop(name)
        self.touched.add(other)
        return f"rename {name} to {other}"

    def change_key(self) -> str:
        """A link is revoked, or taken away."""
        name = self._deal()
        self._write_plan(name, self.random.choice([self._number(), None]))
        return f"change the share key of {name}"

    def add_stray_content(self) -> str:
        """A file that nothing names."""
        name = self._deal()
        self.small.write({f"content/{name}/files/draft{self._number()}.txt": "Nobody names me.\n"})
        return f"add a file to {name} that nothing names"

    def touch(self) -> str:
        """A file saved again as it was: nobody's inputs differ."""
        name = self._deal()
        self.touched = set()
        for path in (self.small.root / "content" / name).glob("*"):
            if path.is_file():
                path.write_bytes(path.read_bytes())
        return f"save {name} unchanged"

    def add_note(self) -> str:
        """Notes of a meeting."""
        name = self._deal()
        self.small.write(
            {f"content/{name}/meetings/2026-11-0{self.random.randint(1, 8)}-review.md": f"# Review\n\n- Point {self._number()}\n"}
        )
        return f"add meeting notes to {name}"

    def add_history(self) -> str:
        """A published version, and what people did."""
        name = self._deal()
        day = self.today - timedelta(days=self.random.randint(0, 5))
        task, kind = self.random.choice(("sign-the-agreement", "connect-a-plant")), self.random.choice(("done", "reopened"))
        event = {"id": f"event-{self._number()}", "plan": name, "on": f"task/{task}", "kind": kind, "proof": "link", "by": "maria"}
        event["received"] = f"{day}T09:12:44Z"
        line = json.dumps(event) + "\n"
        version = json.dumps({"version": day.isoformat(), "view": {"target": f"2027-01-{self.random.randint(10, 29)}"}})
        self.small.write({f"content/{name}/versions/{day}.json": version, f"content/{name}/activity.jsonl": line})
        return f"add history to {name}"

    def remove_content(self) -> str:
        """A file goes that the plan may name."""
        name = self._deal()
        every = sorted(path for path in (self.small.root / "content" / name).rglob("*") if path.is_file() and path.name != "plan.yaml")
        if not every:
            return "remove nothing"
        gone = self.random.choice(every)
        gone.unlink()
        return f"remove {gone.name} of {name}"

    def break_deal(self) -> str:
        """A mistake of a rep."""
        name = self._deal()
        mistake = self.random.choice(["colour: red\n", "\tindented: by a tab\n", "target: soon\n", "contact: nobody\n", "theme: nowhere\n"])
        path = self.small.root / "content" / name / "plan.yaml"
        path.write_text(path.read_text(encoding="utf-8") + mistake, encoding="utf-8")
        return f"break {name} with {mistake!r}"

    # what deals share

    def _users(self, theme: str) -> None:
        self.touched |= {name for name, own in self.deals.items() if (own or "plain") == theme}

    def change_template(self) -> str:
        """Another page template, which also mends a broken one."""
        self._users("plain")
        self.small.write({"themes/plain/page.html": PAGE.replace("<h1>", f'<h1 class="n{self._number()}">')})
        return "change the page template"

    def add_block(self) -> str:
        """A template that was looked for and not found comes to be; or goes."""
        self._users("plain")
        path = self.small.root / "themes/plain/blocks/extra.html"
        if path.exists():
            path.unlink()
            return "remove the extra block"
        self.small.write({"themes/plain/blocks/extra.html": f"<p>Extra {self._number()}</p>\n"})
        return "add the extra block"

    def change_style(self) -> str:
        """A style sheet, and a picture that it names."""
        self._users("plain")
        number = self._number()
        self.small.write(
            {
                "themes/plain/theme.yaml": THEME,
                "themes/plain/assets/plain.css": f'body {{ margin: {number}px; background: url("dot.svg") }}\n',
                "themes/plain/assets/dot.svg": SVG.format(colour=f"#{self.random.randrange(16**6):06x}"),
            }
        )
        return "change the style sheet"

    def break_template(self) -> str:
        """A mistake of a brand owner."""
        self._users("plain")
        mistake = self.random.choice(["{% if %}", "{{ plan.nothing }}", '{% include "blocks/none.html" %}', "{{ 1 / 0 }}"])
        self.small.write({"themes/plain/page.html": PAGE + mistake})
        return f"break the template with {mistake}"

    def break_theme(self) -> str:
        """A theme.yaml with a mistake, or none any more."""
        self._users("plain")
        self.small.write(
            {"themes/plain/theme.yaml": self.random.choice(["colours: {}\n", "styles: [gone.css]\n", "extends: nowhere\n", THEME])}
        )
        return "break the theme"

    def override_shipped(self) -> str:
        """The team's own folder takes the place of the theme that ships; or no longer."""
        self.touched.add(EVERYBODY)
        folder = self.small.root / "themes/default"
        if folder.exists():
            self.small.remove("themes/default")
            return "remove the team's default theme"
        self.small.write(
            {
                "themes/default/theme.yaml": DEFAULT_THEME,
                "themes/default/page.html": PAGE.replace("<h1>", '<h1 class="own">'),
                "themes/default/privacy.html": "<!doctype html>\n<title>Privacy</title>\n</html>\n",
            }
        )
        return "override the theme that ships"

    def change_library(self) -> str:
        """Items and files that several deals use."""
        self.touched.add(EVERYBODY)
        self.small.write(
            {
                "content/_library/resources.yaml": RESOURCES.replace("Ten minutes", f"Ten minutes {self._number()}"),
                "content/_library/files/paper.svg": SVG.format(colour=f"#{self.random.randrange(16**6):06x}"),
            }
        )
        return "change the library"

    def break_library(self) -> str:
        """An item goes, or a file, or the whole list is garbled."""
        self.touched.add(EVERYBODY)
        kind = self.random.randrange(3)
        if kind == 0:
            self.small.write({"content/_library/resources.yaml": RESOURCES.splitlines()[0] + "\n"})
        elif kind == 1:
            (self.small.root / "content/_library/files/paper.svg").unlink(missing_ok=True)
        else:
            self.small.write({"content/_library/resources.yaml": "- {id: tour, title: [}\n"})
        return f"break the library ({kind})"

    def change_workspace(self) -> str:
        """The team's own settings, which also mends them."""
        self.touched.add(EVERYBODY)
        seller = f"Halyard {self.random.randrange(3)}"
        more = self.random.choice(["", "locale: de\n", 'brand: {accent: "#772211"}\n', "brand: {logo: files/paper.svg}\n"])
        self.small.write({"planmark.yaml": WORKSPACE.replace("Halyard", seller) + more})
        return f"change planmark.yaml {more!r}"

    def break_workspace(self) -> str:
        """A mistake that stops everything."""
        self.touched.add(EVERYBODY)
        self.small.write({"planmark.yaml": WORKSPACE + "sellers: nobody\n"})
        return "break planmark.yaml"

    def move_today(self) -> str:
        """The days go by; sometimes a clock is set back."""
        self.touched.add(EVERYBODY)
        self.today += timedelta(days=self.random.choice([1, 1, 1, 2, -1]))
        assert self.today < date(2028, 1, 1)
        return f"today is {self.today}"
