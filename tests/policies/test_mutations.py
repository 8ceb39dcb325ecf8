"""Check that the case tables notice a change: each rule is switched off, and each comparison is flipped.

The mutants run in this process, through the SDK's servicer, as the tables do. A mutated pack is a second copy of the
package under another name. Its imports are relative, so that it uses its own modules only.
"""

from __future__ import annotations

import ast
import copy
import importlib
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any, Final

import pytest

from tests.policies.case import TODAY, Case, refused
from tests.policies.conftest import PACKS
from tests.policies.consent_cases import CONSENT_CASES
from tests.policies.exemption_cases import EXEMPTION_CASES
from tests.policies.safeguard_cases import SAFEGUARD_CASES

_PACKAGES: Final = {
    "consent": (PACKS / "consent" / "consent_rules", "consent_policies", CONSENT_CASES),
    "safeguards": (PACKS / "safeguards" / "safeguard_rules", "safeguard_policies", SAFEGUARD_CASES),
}
_JUDGING: Final = {
    "consent": (
        "tag_rules",
        "in_force_rule",
        "privacy_rule",
        "personal_data",
        "bypass_rule",
        "listening",
        "script_rule",
        "doubles_rule",
        "search_rule",
        "voice_tone_rule",
        "retention_rule",
        "links",
        "scope",
        "spelling",
    ),
    "safeguards": (
        "key_rules",
        "sink_rule",
        "iam_rules",
        "iam_documents",
        "region_rule",
        "service_tag_rule",
        "voice_rules",
        "credentials_rule",
    ),
}
"""The modules with checks. The runtime around them is tested in test_rule_runtime.py."""

_EXEMPTIONS: Final = "vendor.policy_kit.exemptions"

_FLIPPED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@lru_cache
def _trees(pack: str) -> dict[str, ast.Module]:
    """Dotted name in the package → its source; a package goes by its own name, the rules package by an empty one."""
    folder = _PACKAGES[pack][0]
    return {
        ".".join(path.relative_to(folder).with_suffix("").parts)
        .removesuffix("__init__")
        .rstrip("."): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.py"))
    }


@lru_cache
def _compiled(pack: str) -> dict[str, types.CodeType]:
    return {name: compile(tree, f"{pack}/{name}.py", "exec") for name, tree in _trees(pack).items()}


class _MutantFinder(MetaPathFinder, Loader):
    """Import a package `mutant` from code in memory."""

    def __init__(self, code: dict[str, types.CodeType]) -> None:
        self._code = code

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        package, _, module = name.partition(".")
        if package != "mutant":
            return None
        is_package = not module or any(other.startswith(f"{module}.") for other in self._code)
        return ModuleSpec(name, self, is_package=is_package)

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        exec(self._code[module.__name__.partition(".")[2]], module.__dict__)


def _with_mutant(pack: str, module: str, tree: ast.Module) -> Callable[[], Any]:
    """Return a function that makes the pack's policies from a copy in which one module is mutated."""
    code = {**_compiled(pack), module: compile(ast.fix_missing_locations(tree), f"{module}.py", "exec")}
    finder = _MutantFinder(code)
    sys.meta_path.insert(0, finder)
    try:
        made = importlib.import_module("mutant.pack")
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] == "mutant"]:
            del sys.modules[name]
    policies = getattr(made, _PACKAGES[pack][1])
    return lambda: policies(TODAY)


def _turns_red(cases: Sequence[Case], policies: Callable[[], Any]) -> bool:
    for case in cases:
        found = refused(case, policies())
        if found.keys() != case.names or any(
            hint not in text for hint in case.hints for text in found.values()
        ):
            return True
    return False


def _cases(pack: str, module: str) -> Sequence[Case]:
    """Return the cases of the rules in a module; all of the pack for a module without rules."""
    names = {
        node.value
        for call in ast.walk(_trees(pack)[module])
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Rule"
        for keyword in call.keywords
        if keyword.arg == "name" and isinstance(node := keyword.value, ast.Constant)
    }
    return [case for case in _PACKAGES[pack][2] if not names or case.rule in names]


def _comparisons(tree: ast.Module) -> Iterator[tuple[int, int, str]]:
    """Yield (number of the comparison, number of its operator, place)."""
    for number, node in enumerate(one for one in ast.walk(tree) if isinstance(one, ast.Compare)):
        for operator in range(len(node.ops)):
            yield number, operator, f"line {node.lineno}: {ast.unparse(node)}"


def _flip(tree: ast.Module, number: int, operator: int) -> ast.Module:
    mutant = copy.deepcopy(tree)
    node = [one for one in ast.walk(mutant) if isinstance(one, ast.Compare)][number]
    node.ops[operator] = _FLIPPED[type(node.ops[operator])]()
    return mutant


@pytest.mark.parametrize(
    ("pack", "module"), [(pack, module) for pack in _JUDGING for module in _JUDGING[pack]]
)
def test_no_comparison_can_be_flipped_unnoticed(pack: str, module: str) -> None:
    tree, cases = _trees(pack)[module], _cases(pack, module)
    unnoticed = [
        place
        for number, operator, place in _comparisons(tree)
        if not _turns_red(cases, _with_mutant(pack, module, _flip(tree, number, operator)))
    ]
    assert unnoticed == []


def _judges(tree: ast.Module) -> list[str]:
    """Return the names of the functions that a `Rule(…)` of the module checks with."""
    rules = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Rule"
    ]
    return [
        keyword.value.id
        for rule in rules
        for keyword in rule.keywords
        if keyword.arg in ("check_inputs", "check_stack") and isinstance(keyword.value, ast.Name)
    ]


def test_no_comparison_of_exemptions_can_be_flipped_unnoticed() -> None:
    tree = _trees("consent")[_EXEMPTIONS]
    unnoticed = []
    for number, operator, place in _comparisons(tree):
        policies = _with_mutant("consent", _EXEMPTIONS, _flip(tree, number, operator))
        if all(case.holds(policies()) for case in EXEMPTION_CASES):
            unnoticed.append(place)
    assert unnoticed == []


@pytest.mark.parametrize("pack", _PACKAGES)
def test_a_copy_without_mutation_stays_green(pack: str) -> None:
    module = _JUDGING[pack][0]
    assert not _turns_red(_PACKAGES[pack][2], _with_mutant(pack, module, _trees(pack)[module]))


_RULE_MODULES: Final = [
    (pack, module, judge)
    for pack in _JUDGING
    for module in _JUDGING[pack]
    for judge in _judges(_trees(pack)[module])
]


@pytest.mark.parametrize(("pack", "module", "judge"), _RULE_MODULES)
def test_no_rule_can_be_switched_off_unnoticed(pack: str, module: str, judge: str) -> None:
    mutant = copy.deepcopy(_trees(pack)[module])
    function = next(one for one in mutant.body if isinstance(one, ast.FunctionDef) and one.name == judge)
    function.body = ast.parse("def off():\n    return\n    yield").body[0].body  # type: ignore[attr-defined]
    assert _turns_red(_cases(pack, module), _with_mutant(pack, module, mutant))


def test_every_rule_is_among_those_that_were_switched_off() -> None:
    assert len(_RULE_MODULES) == 13 + 12
