"""A publisher that is killed when it starts its nth program: before it has, right after, or it is the program alone that is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from tests.build.small import environment
from tests.publish.published import release, site

from planmark.extensions.targets import Place
from planmark.problems import PlanmarkError
from planmark.targets.kinds import KINDS

How = Literal["before", "after", "both", "program"]
"""When the publisher dies: before its program starts, when it has, and with it; or only the program does."""
HOWS: tuple[How, ...] = ("before", "after", "both", "program")


def _dying(left: int, how: How) -> None:
    """Have this process start so many programs and no more. It is the leader of its group."""

    class Counted(subprocess.Popen[bytes]):
        started = 0

        def __init__(self, *arguments: object, **more: object) -> None:
            Counted.started += 1
            last = Counted.started > left
            if last and how == "before":
                os.kill(os.getpid(), 9)
            super().__init__(*arguments, **more)  # type: ignore[call-overload]
            if last and how == "program" and Counted.started == left + 1:
                os.kill(self.pid, 9)
            elif last and how != "program":
                os.killpg(0, 9) if how == "both" else os.kill(os.getpid(), 9)

    subprocess.Popen = Counted  # type: ignore[misc]


def _main() -> None:
    given = json.loads(sys.stdin.read())
    place = Place(name="live", settings=given["settings"], workspace=Path(given["workspace"]), secret=_no_secret)
    _dying(given["left"], given["how"])
    try:
        list(KINDS[place.settings["kind"]].publish(place, release(3, site(3), before=2, keep=1)))
    except PlanmarkError as error:
        sys.exit(" ".join(problem.code for problem in error.problems))
    finally:
        print(subprocess.Popen.started)  # type: ignore[attr-defined]


def _no_secret(name: str) -> str:
    raise PlanmarkError([])


def publish_third(place: Place, left: int, how: How) -> subprocess.CompletedProcess[str]:
    """Somebody publishes the third version and dies, or is told that it did not work. It prints how many programs it started."""
    given = {key: value for key, value in asdict(place).items() if key != "secret"}
    text = json.dumps({**given, "workspace": str(place.workspace), "left": left, "how": how})
    command = [sys.executable, "-m", "tests.publish.killed"]
    place.workspace.mkdir(parents=True, exist_ok=True)
    env = environment(PYTHONPATH=str(Path(__file__).parents[2]), TMPDIR=str(place.workspace))  # whoever is killed leaves files there
    return subprocess.run(command, input=text, env=env, capture_output=True, text=True, timeout=120, check=False, start_new_session=True)


if __name__ == "__main__":
    _main()
