"""Which packs are asked with which config, and what a wrong call is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from speaker_search_operations.review.pack_folders import PackFolder, engine_arguments, pack_folders
from speaker_search_operations.review.pulumi_cli import ReviewError


@pytest.fixture
def base(tmp_path: Path) -> Path:
    for name in ("consent", "safeguards"):
        folder = tmp_path / "policies" / name
        folder.mkdir(parents=True)
        (folder / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 0.1.0\n")
        (folder / "rules.py").write_text("RULES = ()\n")
    return tmp_path


def test_without_packs_the_usual_ones_are_asked(base: Path) -> None:
    assert [pack.given for pack in pack_folders([], [], base)] == ["policies/consent", "policies/safeguards"]


def test_where_there_are_none_the_error_says_which_option_names_them(tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match="--policy-pack FOLDER"):
        pack_folders([], [], tmp_path)


def test_a_folder_without_a_pack_is_refused_by_name(base: Path) -> None:
    with pytest.raises(ReviewError, match="policies is not a policy pack"):
        pack_folders([base / "policies"], [], base)


def test_one_config_for_two_packs_is_refused(base: Path) -> None:
    with pytest.raises(ReviewError, match="1 --policy-pack-config for 2 packs"):
        pack_folders([], [base / "consent.json"], base)


def test_packs_and_configs_reach_the_engine_in_their_order(base: Path) -> None:
    configs = [base / "one.json", base / "two.json"]
    arguments = engine_arguments(pack_folders([], configs, base))
    assert arguments[1::2] == [
        str(base / "policies" / "consent"),
        str(configs[0]),
        str(base / "policies" / "safeguards"),
        str(configs[1]),
    ]


@pytest.mark.parametrize("text", ["{", "[]", "7"])
def test_a_config_that_is_no_json_object_is_refused_by_name(base: Path, text: str) -> None:
    config = base / "consent.json"
    config.write_text(text)
    with pytest.raises(ReviewError, match=r"consent\.json"):
        PackFolder("consent", base, config).config_values()


def test_the_digest_changes_with_a_rule(base: Path) -> None:
    (pack, _) = pack_folders([], [], base)
    before = pack.digest()
    (pack.folder / "rules.py").write_text("RULES = (1,)\n")
    assert pack.digest() != before


@pytest.mark.parametrize("file", ["__pycache__/rules.pyc", ".venv/bin/python", ".mypy_cache/x"])
def test_the_digest_does_not_change_with_what_is_no_rule(base: Path, file: str) -> None:
    (pack, _) = pack_folders([], [], base)
    before = pack.digest()
    (pack.folder / file).parent.mkdir(parents=True)
    (pack.folder / file).write_text("x")
    assert pack.digest() == before
