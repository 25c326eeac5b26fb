"""Compiled templates are kept for all languages; none of them may keep another's words."""

from __future__ import annotations

from pathlib import Path

from jinja2 import FileSystemLoader

from planmark.problems import Location
from planmark.site.environment import bytecode, environment
from planmark.site.theme import load_theme


def test_a_word_that_a_template_writes_out_is_said_in_each_language(tmp_path: Path) -> None:
    theme = load_theme(Path(), "default", Location("default"))
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "word.html").write_text('{{ "high"|say }}', encoding="utf-8")
    said = []
    for locale in ("ja", "en", "de"):
        env = environment(theme, locale, bytecode(tmp_path / "cache"))
        env.loader = FileSystemLoader(str(tmp_path / "own"))
        said.append(env.get_template("word.html").render())
    assert len(set(said)) == 3, said
