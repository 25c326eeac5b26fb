"""`planmark theme preview`: the sample plan in a theme, as a workspace of its own that is built and served like any other."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from planmark.build.build import Options, build
from planmark.content.layout import BUILD, CONTENT, THEMES
from planmark.problems import Location, PlanmarkError
from planmark.shipped import THEMES as SHIPPED
from planmark.site.theme import Theme, load_theme
from planmark.site.themes.sample import CURRENT, DEALS, SAMPLE, TODAY, sample_views

SPECIMEN = Path(__file__).parent / "assets" / "specimen.html"
"""The skeleton of the page that shows every block in every state: it is laid over the theme's own."""
DARK = ("paper", "panel", "line", "ink", "muted", "accent", "second", "warning", "danger")


@dataclass(frozen=True)
class Sample:
    """The sample's workspace, and its deals with what each shows."""

    root: Path
    deals: dict[str, str]


def prepare(workspace: Path, name: str) -> Sample:
    """Write the sample's workspace below `build/`, its themes linked to those of the workspace. PlanmarkError where the theme is none."""
    theme = load_theme(workspace, name, Location(f"{THEMES}/{name}"))
    root = workspace / BUILD / ".planmark" / f"theme-{name}"
    for part in (CONTENT, THEMES):
        shutil.rmtree(root / part, ignore_errors=True)
    shutil.copytree(SAMPLE, root, dirs_exist_ok=True)
    (root / THEMES).mkdir(parents=True, exist_ok=True)
    for one, folder in zip(theme.names, theme.folders, strict=True):
        if not folder.is_relative_to(SHIPPED):
            _link(root / THEMES / one, folder)
    below = next(one for one, folder in zip(theme.names, theme.folders, strict=True) if (folder / "page.html").is_file())
    skeleton = SPECIMEN.read_text(encoding="utf-8").replace("@@below@@", below)
    _write(root / THEMES / "specimen", {"theme.yaml": f"extends: {name}\n", "page.html": skeleton})
    _write(root / THEMES / "specimen-dark", {"theme.yaml": f"extends: specimen\nlight: {{{_night(theme)}}}\n"})
    view, _ = sample_views()[DEALS[0]]
    rev = view.sign_off.rev if view.sign_off else ""
    acts = root / CONTENT / DEALS[0] / "activity.jsonl"
    acts.write_text(acts.read_text(encoding="utf-8").replace(f'"rev":"{CURRENT}"', f'"rev":"{rev}"'), encoding="utf-8")
    everything = (root / CONTENT / DEALS[0] / "plan.yaml").read_text(encoding="utf-8")
    deals = {
        "everything": ("every block in every state", "theme: specimen\n"),
        "everything-dark": ("the same on dark paper", "theme: specimen-dark\n"),
        "everything-arabic": ("the same from right to left", "theme: specimen\nlocale: ar\n"),
        "everything-german": ("the same in German", "theme: specimen\nlocale: de\n"),
        "ended": ("a plan that is over, with next to nothing in it", f"theme: {name}\n"),
    }
    for number, (deal, (_, lines)) in enumerate(deals.items()):
        folder = root / CONTENT / deal
        if deal not in DEALS:
            shutil.copytree(root / CONTENT / DEALS[0], folder)
            for activity in folder.glob("activity*.jsonl"):
                activity.write_text(
                    activity.read_text(encoding="utf-8").replace('"plan":"everything"', f'"plan":"{deal}"'), encoding="utf-8"
                )
        text = everything if deal != "ended" else (folder / "plan.yaml").read_text(encoding="utf-8")
        text = "\n".join(line for line in text.splitlines() if not line.startswith("share_key:"))
        if deal.endswith("-dark"):  # the browser believes that it is day
            text = text.replace("light: files/lindqvist.svg", "light: files/lindqvist-dark.svg")
            lines += "brand: {logo: files/tessel-dark.svg}\n"
        (folder / "plan.yaml").write_text(f"{text}\nshare_key: {number:026}\n{lines}", encoding="utf-8")
    return Sample(root, {f"{deal}-{number:026}": text for number, (deal, (text, _)) in enumerate(deals.items())})


def write_theme(sample: Sample) -> list[Path]:
    """Build the sample. The entry page of each of its plans; PlanmarkError with what went wrong."""
    report = build(sample.root, Options(today=TODAY))
    errors = [problem for problem in report.problems if problem.severity == "error"]
    if errors:
        raise PlanmarkError(errors)
    return [sample.root / BUILD / "sites" / deal / "index.html" for deal in sample.deals]


def show_theme(sample: Sample, port: int, ready: Callable[[str], None]) -> None:
    """Serve the sample until Ctrl-C; whatever is saved in the theme is shown at once."""
    from planmark.preview.server import serve

    serve(sample.root, port=port, today=TODAY, ready=ready)


def _write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _night(theme: Theme) -> str:
    """The theme's dark colours in the place of its light ones: so dark paper is seen whatever the system says."""
    colours = {**theme.light, **theme.dark}
    return ", ".join(f'{key}: "{colours[key]}"' for key in DARK if key in colours)


def _link(place: Path, folder: Path) -> None:
    try:
        os.symlink(folder.resolve(), place, target_is_directory=True)  # noqa: PTH211  (a link says so in either word)
    except OSError:  # where links need rights of their own, what is saved later is not seen
        shutil.copytree(folder, place)
