"""What the YAML parser complains about, as a rep would put it."""

from __future__ import annotations

import yaml

from planmark.problems import Location, Problem

QUOTES = "put the text in quotes"


def explained(error: yaml.YAMLError, text: str, path: str) -> Problem:
    """The parser's complaint as a rep would put it."""
    lines = text.split("\n")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = str(getattr(error, "problem", "") or error)
    line, column = (mark.line, mark.column) if mark else (0, 0)
    source = lines[line] if line < len(lines) else ""
    code, message, hint = "PM101", said, "compare it with the lines around it"
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position if isinstance(error.position, int) else 0)
        return Problem(
            "PM110",
            "the file holds a character that YAML does not allow",
            Location(path, line + 1, 1),
            "delete it and type the line anew",
        )
    if "mapping values are not allowed" in said:
        code, message, hint = "PM107", "`: ` inside a text", QUOTES
    elif "cannot start any token" in said:
        sign = source[column : column + 1]
        code, message, hint = "PM107", f"a text cannot start with `{sign}`", QUOTES
    elif "block scalar" in str(getattr(error, "context", "")):
        code, message, hint = (
            "PM107",
            "a text that starts with `>` or `|`",
            f"{QUOTES}, or start the text on the next line",
        )
    elif "undefined alias" in said or "alias" in str(getattr(error, "context", "")) or "anchor" in str(getattr(error, "context", "")):
        code, message, hint = "PM107", "a text that starts with `*` or `&`", QUOTES
    elif "tag" in str(getattr(error, "context", "")) or "tag" in said:
        code, message, hint = "PM105", "a text that starts with `!`, or a YAML tag", QUOTES
    elif "could not find expected ':'" in said:
        message, hint = (
            "this line is neither a key with a colon nor part of the text above it",
            "write `key: value`, and indent what belongs to the line above",
        )
    elif "did not find expected <document start>" in said or "did not find expected key" in said:
        message, hint = (
            "the indentation or the quotes do not fit the lines above",
            "give lines of one level the same number of spaces, and quote texts whole",
        )
    elif "did not find expected '-' indicator" in said:
        message, hint = (
            "an item of a list does not line up with the others",
            "give every `-` of a list the same number of spaces",
        )
    elif "did not find expected ',' or" in said:
        message, hint = "a `[` or `{` is not closed, or a comma is missing", "close it with `]` or `}`"
    elif "did not find expected node content" in said:
        message, hint = "a value is missing between commas or brackets", "write it, or remove the comma"
    elif "block sequence entries are not allowed" in said:
        code, message, hint = (
            "PM107",
            "a text that starts with `- `",
            f"{QUOTES}, or start the list on the next line",
        )
    elif "unexpected end of stream" in said or "end of stream" in said:
        message, hint = "a quotation mark is not closed", "close it"
    elif "directive" in str(getattr(error, "context", "")) or source[column : column + 1] == "%":
        code, message, hint = "PM107", "a text cannot start with `%`", QUOTES
    return Problem(code, message, Location(path, line + 1, column + 1), hint)
