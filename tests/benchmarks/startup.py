"""What a build spends before its work begins: the interpreter, imports, and pydantic's models.

One build is watched for the modules it loads and the models it builds (they are built on first use, not at import);
a process that does just that, and is not watched, is then timed beside real builds.
"""

from __future__ import annotations

import json
import sys

from .generators import PLANMARK
from .measure import Bench, CommandError, Subject

MARK = "loaded and built: "

MODELS = """
def models_below(model):
    for child in model.__subclasses__():
        yield f"{child.__module__}:{child.__qualname__}", child
        yield from models_below(child)
"""

WATCH = f"""
import json, runpy, sys
{MODELS}
try:
    runpy.run_module("planmark", run_name="__main__", alter_sys=True)
except SystemExit as end:
    if end.code:
        raise
pydantic = sys.modules.get("pydantic.main")
models = models_below(pydantic.BaseModel) if pydantic else ()
built = [name for name, model in models if vars(model).get("__pydantic_complete__")]
print({MARK!r} + json.dumps([list(sys.modules), built]))
"""

START_UP = f"""
import importlib, json, sys
{MODELS}
modules, built = json.loads(sys.argv[1])
for name in modules:
    try:
        importlib.import_module(name)
    except ImportError:
        pass  # a name that only its own package can put there
if built:
    for name, model in list(models_below(sys.modules["pydantic.main"].BaseModel)):
        if name in built:
            model.model_rebuild()
"""


def start_up(bench: Bench, build: Subject) -> Subject:
    """Only the start-up of `build`, as a subject of its own."""
    arguments = build.command[len(PLANMARK) :]
    watched = Subject("watched build", [sys.executable, "-c", WATCH, *arguments], build.folder, build.prepare)
    _, mark, found = bench.output(watched).rpartition(MARK)
    if not mark:
        raise CommandError(f"the watched build ended early\n{bench.said()[-1500:]}")
    loaded = json.dumps(json.loads(found.partition("\n")[0]))
    return Subject("start-up", [sys.executable, "-c", START_UP, loaded], build.folder)
