"""The tree of sites holds what belongs there and nothing else; outside `build/` nothing is touched."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from tests.build.small import Small, key, stamps, tree


def outside(small: Small) -> dict[str, tuple[int, int, int]]:
    """Everything of the workspace but `build/`."""
    return {path: stamp for path, stamp in stamps(small.root).items() if path.partition("/")[0] != "build"}


def test_a_removed_deal_s_site_goes(small: Small) -> None:
    """Its link is dead with the next build."""
    small.build()
    small.remove("content/beta")
    report = small.build()
    assert [change.path for change in report.changes if change.action == "removed"] == [f"beta-{key(1)}"]
    assert {path.name for path in small.sites.iterdir()} == {f"acme-{key(0)}", f"cobalt-{key(2)}"}


def without_key(site: dict[str, bytes]) -> dict[str, object]:
    """A site's files, but for what endpoints know the plan and its people by, and calendars its entries: digests of the share key."""
    plan = {name: value for name, value in json.loads(site["plan.json"]).items() if name not in ("key", "guests")}
    return {**site, "plan.json": plan, "plan.ics": re.sub(rb"@[0-9a-f]{32}\r\n", b"\r\n", site["plan.ics"])}


def test_a_new_share_key_takes_the_old_link_away(small: Small) -> None:
    """The site stands under the new one, whole, and nowhere else."""
    small.build()
    before = tree(small.site("acme"))
    small.replace("content/acme/plan.yaml", key(0), key(9))
    small.build("acme")
    assert {path.name for path in small.sites.iterdir()} == {f"acme-{key(9)}", f"beta-{key(1)}", f"cobalt-{key(2)}"}
    assert without_key(tree(small.site("acme"))) == without_key(before)


def test_a_key_taken_away_leaves_the_id_alone(small: Small) -> None:
    """Such a site is for looking at, never for publishing."""
    small.build()
    small.replace("content/acme/plan.yaml", f"share_key: {key(0)}\n", "")
    small.build()
    assert small.site("acme").name == "acme"


def test_building_some_deals_removes_no_other(small: Small) -> None:
    """Only a build of all knows what belongs to none."""
    small.build()
    small.write({"build/sites/stray/index.html": "x"})
    small.replace("content/acme/plan.yaml", "Connect a plant", "Connect two plants")
    small.build("acme")
    assert (small.sites / "stray").exists()
    small.build()
    assert not (small.sites / "stray").exists()


def damage_page(small: Small) -> None:
    (small.site("acme") / "index.html").write_text("garbled", encoding="utf-8")


def damage_gone(small: Small) -> None:
    (small.site("acme") / "plan.json").unlink()


def damage_site_gone(small: Small) -> None:
    shutil.rmtree(small.site("acme"))


def damage_all_gone(small: Small) -> None:
    shutil.rmtree(small.sites)


def damage_stray_file(small: Small) -> None:
    (small.site("acme") / "draft.html").write_text("x", encoding="utf-8")


def damage_stray_asset(small: Small) -> None:
    (small.site("acme") / "assets/old.css").write_text("x", encoding="utf-8")


def damage_stray_folder(small: Small) -> None:
    small.write({f"build/sites/{small.site('acme').name}/a/b/c.html": "x", f"build/sites/{small.site('acme').name}/assets/d/e.css": "x"})


def damage_page_is_a_folder(small: Small) -> None:
    (small.site("acme") / "index.html").unlink()
    small.write({f"build/sites/{small.site('acme').name}/index.html/x": "x"})


def damage_assets_is_a_file(small: Small) -> None:
    shutil.rmtree(small.site("acme") / "assets")
    (small.site("acme") / "assets").write_text("x", encoding="utf-8")


def damage_site_is_a_file(small: Small) -> None:
    site = small.site("acme")
    shutil.rmtree(site)
    site.write_text("x", encoding="utf-8")


def damage_link_in_the_site(small: Small) -> None:
    (small.site("acme") / "secret.txt").symlink_to(small.root / "planmark.yaml")


def damage_page_is_a_link(small: Small) -> None:
    (small.site("acme") / "index.html").unlink()
    (small.site("acme") / "index.html").symlink_to(small.root / "planmark.yaml")


def damage_assets_is_a_link(small: Small) -> None:
    shutil.rmtree(small.site("acme") / "assets")
    (small.site("acme") / "assets").symlink_to(small.root / "content/acme")


def damage_site_is_a_link(small: Small) -> None:
    site = small.site("acme")
    shutil.rmtree(site)
    site.symlink_to(small.root / "content/acme")


def damage_stray_site(small: Small) -> None:
    small.write({"build/sites/stray/index.html": "x", "build/sites/file.html": "x"})
    (small.sites / "link").symlink_to(small.root / "content")


DAMAGES = [made for name, made in sorted(globals().items()) if name.startswith("damage_")]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda made: made.__name__.removeprefix("damage_"))
@pytest.mark.parametrize("edit", [False, True], ids=["alone", "with an edit"])
def test_damage_is_repaired(small: Small, damage: object, edit: bool) -> None:
    """What was changed, lost or put into a site by hand is as it was after the next build; nothing else is touched."""
    small.build()
    good = tree(small.sites)
    if edit:
        small.write({"content/acme/unnamed.txt": "Nothing names it.\n"})
    rest = outside(small)
    damage(small)  # type: ignore[operator]
    assert small.build().ok
    assert tree(small.sites) == good
    assert not [path for path in small.sites.rglob("*") if path.is_symlink() or (path.is_dir() and not any(path.iterdir()))]
    assert outside(small) == rest
    assert not small.build().reasons


def test_two_deals_change_folders_and_keep_their_links(small: Small) -> None:
    """What decides on the address is the plan, not the folder that it lies in."""
    for name in ("acme", "beta"):
        small.replace(f"content/{name}/plan.yaml", "\ntitle:", f"\nid: {name}\ntitle:")
    small.build()
    before = tree(small.sites)
    content = small.root / "content"
    (content / "acme").rename(content / "aside")
    (content / "beta").rename(content / "acme")
    (content / "aside").rename(content / "beta")
    small.build()
    assert tree(small.sites) == before


def test_a_deal_takes_over_the_address_of_one_that_goes(small: Small) -> None:
    """A folder renamed, its id and key kept: the link goes on."""
    small.replace("content/acme/plan.yaml", "\ntitle:", "\nid: acme\ntitle:")
    small.build()
    before = tree(small.sites)
    (small.root / "content/acme").rename(small.root / "content/zulu")
    assert small.build().ok
    assert tree(small.sites) == before


def test_the_staging_folder_is_gone_after_a_build(small: Small) -> None:
    """What was left behind by a build that was stopped goes, too."""
    leftover = small.root / "build/.planmark/staging/acme/index.html"
    small.write({leftover.relative_to(small.root).as_posix(): "half a pa"})
    small.build()
    assert not leftover.exists()
    assert {path.name for path in (small.root / "build/.planmark").iterdir()} == {"lock", "pictures", "state.json", "templates"}


def test_the_output_folder_may_be_a_link(small: Small, tmp_path: Path) -> None:
    """To another disk, for instance: that is the user's own decision."""
    (tmp_path / "elsewhere").mkdir()
    (small.root / "build").symlink_to(tmp_path / "elsewhere")
    assert small.build().ok
    assert len(list((tmp_path / "elsewhere/sites").iterdir())) == 3
    assert not small.build().reasons
