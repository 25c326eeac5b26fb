"""What the target `ssh` does on a host: scripts for any POSIX shell, each handed over whole on its standard input.

A script is functions, and a last line that begins it: of one that arrives only in part, nothing is run. Every word of ours in it is quoted.
What it tells comes after a mark, for a user's shell may have greeted before. It ends with one of the codes below, or with what went wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from shlex import quote

from planmark.extensions.targets import Published, SiteFile
from planmark.targets.layout import NOTHING
from planmark.targets.manifest import manifest_json

IN_THE_WAY, CHANGED, TAKEN, NO_DIGESTS = 73, 74, 75, 78
"""How a script ends: something of others is where the link should be; files are not what was sent; somebody else was quicker or is at
it; there is no program for SHA-256."""
_COMMON = r"""
set -eu
umask 022
LC_ALL=C
export LC_ALL

begin() { printf '\036planmark\n'; }

led() { # the version that the link of a site leads to, of what `ls` says of the link: not every host has a readlink
  ls -ld -- "$1" 2>/dev/null | sed -n 's|^l.* -> \.planmark/'"$1"'/\([0-9TZ.]*\)$|\1|p'
}

tell() { # a manifest, after a line that names it
  [ -f "$1/$2.json" ] || return 0
  printf '\036%s %s\n' "${1##*/}" "$2"
  cat -- "$1/$2.json"
}

versions() { # the manifests of all versions of a site that are whole
  for one in ".planmark/$1"/*/; do
    one=${one%/}
    one=${one##*/}
    case $one in *[!0-9TZ.]*) ;; *) tell ".planmark/$1" "$one" ;; esac
  done
}

with_digests() { # all files below these, each after its SHA-256
  if command -v sha256sum >/dev/null 2>&1; then set -- sha256sum -- "$@"
  elif command -v shasum >/dev/null 2>&1; then set -- shasum -a 256 -- "$@"
  elif command -v openssl >/dev/null 2>&1; then set -- openssl dgst -sha256 -r -- "$@"
  else exit 78; fi
  program=
  while [ "$1" != -- ]; do program="$program $1"; shift; done
  shift
  find "$@" -type f -exec $program {} + | sed 's/^\([0-9a-f]*\) [ *]/\1 /'
}
"""
_LOOK = r"""
look() { # of every site that is out the manifest
  begin
  [ -d "$1" ] || return 0
  cd -- "$1"
  ls -l | sed -n 's|^l.* \([A-Za-z0-9_-]*\) -> \.planmark/\([A-Za-z0-9_-]*\)/\([0-9TZ.]*\)$|\1 \2 \3|p' |
    while read -r site store version; do
      [ "$site" != "$store" ] || tell ".planmark/$site" "$version"
    done
}
"""
_LIST = r"""
list() { # what is out of a site, and its versions
  begin
  [ -d "$1" ] || return 0
  cd -- "$1"
  led "$2"
  versions "$2"
}
"""
_OPEN = r"""
open() { # make room for a site; what is out of it, its versions, and a digest of every file that lies there
  begin
  mkdir -p -- "$1/.planmark/$2"
  cd -- "$1"
  for page in index.html .planmark/index.html; do
    if [ ! -e "$page" ] && [ ! -L "$page" ]; then
      nothing >".planmark/$2/$3.html"
      mv -f -- ".planmark/$2/$3.html" "$page"
    fi
  done
  [ -L "$2" ] || [ ! -e "$2" ] || exit 73
  led "$2"
  versions "$2"
  printf '\036digests\n'
  cd -- ".planmark/$2"
  with_digests .
}
"""
_CLOSE = r"""
lasting() { # make files last; where `sync` takes none, all that the host has yet to write
  sync "$@" 2>/dev/null || sync
}

swap() { # one rename, whatever the second name is a link to
  mv -fT -- "$1" "$2" 2>/dev/null || mv -fh -- "$1" "$2" 2>/dev/null ||
    perl -e 'rename($ARGV[0], $ARGV[1]) or exit 1' -- "$1" "$2" 2>/dev/null ||
    python3 -c 'import os, sys; os.replace(*sys.argv[1:])' "$1" "$2" 2>/dev/null ||
    { printf 'the link %s cannot be replaced: it may not be, or there is no mv -T, perl or python3\n' "$2" >&2; exit 1; }
}

alone() { # one publisher of a site at a time
  if command -v flock >/dev/null 2>&1; then
    exec 9>>lock
    flock -n 9 || [ $? -ne 1 ] || exit 75 # other codes: a file system without locks, where what is out is compared, no more
    return 0
  fi
  if ! mkdir lock.held 2>/dev/null; then
    # who held it for ten minutes was killed; whoever renames it first may have its place
    [ -n "$(find lock.held -prune -mmin +10 2>/dev/null)" ] && mv lock.held "lock.$1" 2>/dev/null && rmdir "lock.$1" || exit 75
    mkdir lock.held 2>/dev/null || exit 75
  fi
  trap 'rmdir lock.held' EXIT
  trap 'exit 1' HUP INT TERM PIPE
}

put() { # a file that lies there already, at its place in the version
  case $2 in */*) [ -d "$part/${2%/*}" ] || mkdir -p -- "$part/${2%/*}" ;; esac
  [ -e "$part/$2" ] || ln -- "$1" "$part/$2" 2>/dev/null || cp -- "$1" "$part/$2"
}

remove() { # what is neither out nor to stay
  for one in *; do
    case $stay in *" ${one%.json} "*) continue ;; esac
    case $one in
      lock | lock.held) ;;
      *.part) rm -rf -- "$one" ;;
      *) # a folder is set aside first: never half of one by its name
        if [ -d "$one" ] && [ ! -L "$one" ]; then
          mv -- "$one" "$one.part"
          rm -rf -- "$one.part"
          printf 'removed %s\n' "$one"
        else
          rm -f -- "$one"
        fi
        ;;
    esac
  done
}

tidy() { # what a switch was kept from doing after it, if it is still the last one
  stay=" $3 $4 "
  begin
  cd -- "$1/.planmark/$2"
  alone "tidy.$3"
  [ "$(cd ../.. && led "$2")" != "$3" ] || remove
}

close() { # switch to the version that lies in $4
  site=$2 version=$3 part=$4 out=$5 stay=" $3 $6 "
  begin
  cd -- "$1/.planmark/$site"
  alone "$part"
  [ "$(cd ../.. && led "$site")" = "$out" ] || exit 75
  [ -L "../../$site" ] || [ ! -e "../../$site" ] || exit 73
  [ -d "$part" ] || mkdir -- "$part"
  kept
  [ "$(cd -- "$part" && with_digests . | sort)" = "$(wanted)" ] || exit 74
  find "$part" -exec sync {} + 2>/dev/null || sync
  manifest >"$part.json"
  lasting "$part.json"
  mv -f -- "$part.json" "$version.json"
  [ ! -e "$version" ] || mv -- "$version" "old.$part"
  mv -- "$part" "$version"
  lasting .
  rm -f link
  ln -s ".planmark/$site/$version" link
  swap link "../../$site"
  lasting ../..
  printf 'switched\n'
  remove
}
"""
_DROP = r"""
drop() { # what was not finished
  begin
  [ -d "$1/.planmark/$2" ] || return 0
  cd -- "$1/.planmark/$2"
  rm -rf -- "$3" "$3.json" "$3.html"
}
"""
_READ = r"""
read_file() {
  begin
  cat -- "$1/.planmark/$2/$3"
}
"""


def look(home: str) -> bytes:
    """A script that tells what is out of every site."""
    return _script(_LOOK, "look", home)


def list_versions(home: str, site: str) -> bytes:
    """A script that tells the versions of a site."""
    return _script(_LIST, "list", home, site)


def open_site(home: str, site: str, part: str) -> bytes:
    """A script that makes room for a site, and tells all that lies there. `part` is a name that nobody else uses."""
    return _script(_OPEN + _function("nothing", NOTHING.decode()), "open", home, site, part)


@dataclass(frozen=True, kw_only=True)
class Switch:
    """A version that was laid out at a host in the folder `part`, but for what `places` says is elsewhere in the site's store."""

    new: Published
    part: str
    led: str
    """What the link must still lead to; empty where there must be none."""
    places: Mapping[SiteFile, str]
    stay: Sequence[str]
    """The versions before it that do."""


def close_site(home: str, switch: Switch) -> bytes:
    """A script that switches, where nobody was quicker and all is there as it should be; then it removes what is old."""
    new = switch.new
    wanted = sorted(f"{file.sha256} ./{file.path}".encode() for file in (*new.files, *new.kept))
    put = [f"put {quote(place)} {quote(file.path)}" for file, place in switch.places.items()]
    functions = (
        _function("manifest", manifest_json(new).decode())
        + f"wanted() {{\nprintf '%s\\n' {' '.join(quote(line.decode()) for line in wanted)}\n}}\n"
        + "\n".join(["kept() {", *put, ":", "}", ""])
    )
    return _script(_CLOSE + functions, "close", home, new.site, new.version, switch.part, switch.led, " ".join(switch.stay))


def tidy(home: str, switch: Switch) -> bytes:
    """A script that removes what is old, after a switch that ended too early for that."""
    return _script(_CLOSE, "tidy", home, switch.new.site, switch.new.version, " ".join(switch.stay))


def drop(home: str, site: str, part: str) -> bytes:
    """A script that removes what was not finished."""
    return _script(_DROP, "drop", home, site, part)


def read_file(home: str, site: str, path: str) -> bytes:
    """A script that gives back a file of a site's store."""
    return _script(_READ, "read_file", home, site, path)


def _function(name: str, text: str) -> str:
    """A function that prints a text of whole lines, none of which is the last word of a here-document."""
    return f"{name}() {{\ncat <<'PLANMARK'\n{text}PLANMARK\n}}\n"


def _script(functions: str, name: str, *arguments: str) -> bytes:
    return f'{_COMMON}{functions}\nset -- {" ".join(quote(one) for one in arguments)}\n{name} "$@"\n'.encode()
