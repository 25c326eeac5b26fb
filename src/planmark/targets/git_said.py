"""What git, and the hosts behind it, say when they do not do what they were asked for, and what to do about it."""

from __future__ import annotations

import re

from planmark.extensions.targets import Place
from planmark.targets import openssh
from planmark.targets.repository import NO_GIT, TOKEN, host_of, masked, remote_of

_SAID = (
    (
        r"Authentication failed|could not read (?:Username|Password)|terminal prompts disabled|error: 40[13]|Invalid username or"
        r"|HTTP Basic: Access denied|Permission to \S+ denied|denied to|not allowed to push code to this project|marked as read only"
        r"|Support for password authentication was removed",
        "the host does not let us push",
        f"give the environment variable {TOKEN} a token that may write to this repository, or use a key that may",
    ),
    (r"No space left on device|Disk quota exceeded|File too large", "there is no room left", "make room, and publish again"),
    (
        r"does not appear to be a git repository|[Rr]epository (?:'[^']*' )?not found|No such file or directory|could not be found",
        "there is no such repository, or it is not shown to us",
        "see to `remote:`; an empty repository is enough, but it must be there",
    ),
    (
        r"protected branch|GH006|pre-receive hook declined|hook declined|non-fast-forward|deny(?:ing)? (?:non-fast-forward|updating)",
        "the host does not let the branch be replaced",
        "allow force pushes to it for the key or token that publishes: each publish is a commit without a history",
    ),
    (
        r"refusing to update checked out branch|branch is currently checked out",
        "the branch is checked out in that repository",
        "name a bare repository, or a branch that is not checked out there",
    ),
    (
        r"dubious ownership",
        "the repository belongs to another user of this machine",
        "git config --global --add safe.directory, by its path",
    ),
    (r"Permission denied(?! \()|insufficient permission|Read-only file system", "its files may not be written", "check their permissions"),
    (
        r"SSL certificate problem|certificate verif",
        "its certificate cannot be trusted",
        "see to the certificate, or to those that git trusts",
    ),
)


def in_words(done: openssh.Done, place: Place) -> tuple[str, str]:
    """Why git did not do it, and what to do."""
    if done == NO_GIT:
        return done.said, "install git"
    said = f"{done.said}\n{done.out.decode(errors='replace')}"
    host, port = host_of(remote_of(place))
    first = [(why, hint) for pattern, why, hint in _SAID[:1] if re.search(pattern, said)]
    if not first and host and (known := openssh.reason(said, place, host, port)):
        return known
    for pattern, why, hint in _SAID:
        if re.search(pattern, said):
            return why, hint
    lines = [line for line in masked(said).splitlines() if re.match(r"(?:remote: |error: |fatal: |!)", line)]
    return openssh.first_line("\n".join(lines) or masked(said)), "see whether git itself can push there"
