"""What the YAML parser complains about, as a rep would put it."""

from __future__ import annotations

import re

import yaml

from planmark.problems import Location, Problem

QUOTES = "put the text in quotes"
_COMMENT = re.compile(r"(?<=[\s,:])#[^\W_]")
_NEARLY_A_KEY = re.compile(r"[ -]*(?P<key>[a-z_]+)(?:(?P<wide>：)|:(?!//)(?P<odd>[^\S \t])?(?=\S|$))")
_CONFLICT = re.compile(r"(?m)^(?:<{7}|>{7}|\|{7}) |^={7}$")
_REFUSED = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ufffd\U00010000-\U0010ffff]")
"""What is not printable in the sense of YAML 1.1, section 5.1."""


def explained(error: yaml.YAMLError, text: str, path: str) -> Problem:
    """The parser's complaint as a rep would put it, where the mistake is rather than where the parser gave up."""
    lines = text.split("\n")
    conflict = _CONFLICT.search(text)
    if conflict:
        where = Location(path, text.count("\n", 0, conflict.start()) + 1, 1)
        hint = "keep what holds of the two, and remove the lines with <<<<<<<, ======= and >>>>>>>"
        return Problem("PM101", "two versions of the file were merged, and contradict each other here", where, hint)
    refused = _REFUSED.search(text)
    if isinstance(error, yaml.reader.ReaderError) and refused:
        line = text.count("\n", 0, refused.start())
        column = refused.start() - (text.rfind("\n", 0, refused.start()) + 1)
        return Problem(
            "PM110",
            f"the file holds a character that YAML does not allow (U+{ord(refused[0]):04X})",
            Location(path, line + 1, column + 1),
            "delete it and type the words anew",
        )
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    began = getattr(error, "context_mark", None)
    said = str(getattr(error, "problem", "") or error)
    context = str(getattr(error, "context", ""))
    line, column = (mark.line, mark.column) if mark else (0, 0)
    source = lines[line] if line < len(lines) else ""
    sign = source[column : column + 1]
    code, message, hint = "PM101", said, "compare it with the lines around it"
    if "mapping values are not allowed" in said:
        above = lines[line - 1] if line else ""
        if re.fullmatch(r"\s*[\w.-]+\s*", source[:column]) and _NEARLY_A_KEY.match(above):
            line, column = line - 1, len(above) - len(above.lstrip())
            message, hint = _no_key(above)
        elif re.fullmatch(r"\s*[\w.-]+\s*", source[:column]):
            column = len(source) - len(source.lstrip())
            message, hint = "this line is read as part of the one above it", "check its indentation, and the colon of the line above"
        else:
            code, message, hint = "PM107", "`: ` inside a text", QUOTES
    elif "tab character" in said or ("cannot start any token" in said and sign == "\t"):
        code, message, hint = "PM102", "a tab stands here", "use spaces: two for each level"
    elif "cannot start any token" in said:
        code, message, hint = (
            "PM107",
            f"a text cannot start with `{sign}`" if sign != "`" else "a text cannot start with a backtick",
            QUOTES,
        )
    elif "block scalar" in context:
        line, column = (began.line, began.column) if began else (line, column)
        code, message, hint = (
            "PM107",
            "a text that starts with `>` or `|`",
            f"{QUOTES}, or start the text on the next line",
        )
    elif "undefined alias" in said or "alias" in context or "anchor" in context:
        line, column = (began.line, began.column) if began else (line, column)
        code, message, hint = "PM107", "a text that starts with `*` or `&`", QUOTES
    elif "tag" in context or "tag" in said:
        line, column = (began.line, began.column) if began else (line, column)
        code, message, hint = "PM105", "a text that starts with `!`, or a YAML tag", QUOTES
    elif "could not find expected ':'" in said:
        line, column = (began.line, began.column) if began else (line, column)
        message, hint = _no_key(lines[line] if line < len(lines) else "")
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
    elif "did not find expected ',' or" in said and began:
        return _unclosed(lines, began, mark or began, path)
    elif "did not find expected node content" in said:
        if line >= len(lines) or not "".join([source[column:], *lines[line + 1 :]]).strip():
            line = len(text.rstrip().split("\n")) - 1
            column = len(lines[line].rstrip())
            message, hint = "a `[` or a `{` is not closed", "close it with `]` or `}`"
        elif "flow" in context:
            message, hint = "a value is missing between commas or brackets", "write it, or remove the comma"
        else:
            code, message, hint = "PM107", f"a text cannot start with `{sign}`", QUOTES
    elif "block sequence entries are not allowed" in said:
        code, message, hint = (
            "PM107",
            "a text that starts with `- `",
            f"{QUOTES}, or start the list on the next line",
        )
    elif "mapping keys are not allowed" in said:
        code, message, hint = "PM107", "a text that starts with `? `", QUOTES
    elif "escape" in said or "hexdecimal" in said:
        column = max(source.rfind("\\", 0, column + 1), 0)
        code, message, hint = "PM107", "a backslash inside double quotes", "write it twice, or put the text in single quotes"
    elif "end of stream" in said or "document indicator" in said:
        line, column = (began.line, began.column) if began else (line, column)
        message, hint = "a quotation mark is not closed", "close it"
    elif "maximum nesting depth" in said:  # the parser reads ahead, and gives up before the events that would be counted arrive
        code, message, hint = "PM108", "too many levels inside each other", "a plan needs no more than ten"
    elif "directive" in context or sign == "%":
        code, message, hint = "PM107", "a text cannot start with `%`", QUOTES
    return Problem(code, message, Location(path, line + 1, column + 1), hint)


def _no_key(row: str) -> tuple[str, str]:
    """What is wrong with a line that should have begun with a key, and what to write."""
    near = _NEARLY_A_KEY.match(row)
    if near and near["wide"]:
        return "the colon after the key is a full-width one", f"write `{near['key']}: …` with a plain colon and a space"
    if near:
        space = "what follows the colon looks like a space and is another sign" if near["odd"] else "there is no space after the colon"
        return space, f"write `{near['key']}: …` with a space after the colon"
    return (
        "this line is neither a key with a colon nor part of the text above it",
        "write `key: value`, and indent what belongs to the line above",
    )


def _unclosed(lines: list[str], began: yaml.Mark, gave_up: yaml.Mark, path: str) -> Problem:
    """A bracket that is not closed: a comment may have swallowed its end, or a line that is not indented may show that it is missing."""
    for number, row in enumerate(lines[began.line : gave_up.line + 1], began.line):
        swallowed = _COMMENT.search(row, began.column if number == began.line else 0)
        if swallowed:
            where = Location(path, number + 1, swallowed.start() + 1)
            return Problem("PM107", "`#` starts a comment, so the rest of the line is not read", where, QUOTES)
    opener = lines[began.line]
    indent = len(opener) - len(opener.lstrip())
    after = lines[began.line + 1 : gave_up.line + 1]
    if any(row.strip() and len(row) - len(row.lstrip()) <= indent for row in after) or gave_up.line >= len(lines) - 1:
        sign = opener[began.column : began.column + 1]
        closing = {"[": "]", "{": "}"}.get(sign, "")
        return Problem(
            "PM101", f"the `{sign}` is not closed", Location(path, began.line + 1, began.column + 1), f"close it with `{closing}`"
        )
    if lines[gave_up.line][gave_up.column : gave_up.column + 2] == ": ":
        return Problem("PM107", "`: ` inside a text", Location(path, gave_up.line + 1, gave_up.column + 1), QUOTES)
    return Problem(
        "PM101",
        "a comma is missing here, or a quotation mark",
        Location(path, gave_up.line + 1, gave_up.column + 1),
        "write it before this",
    )
