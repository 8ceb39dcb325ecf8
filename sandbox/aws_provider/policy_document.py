"""`aws:iam/getPolicyDocument:getPolicyDocument`: a policy document as the official provider writes it.

Lists of one become a single value, longer ones are sorted in descending order, `&{` becomes `${`, and
statements with the same sid replace one another across documents.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

DEFAULT_VERSION = "2012-10-17"


class PolicyDocumentError(Exception):
    """The arguments can't be combined into a document; the message says why."""


def policy_document(args: Mapping[str, Any]) -> dict[str, Any]:
    """Return the function's results: `json` (indented), `minifiedJson`, `id`, and the arguments."""
    document: dict[str, Any] = {}
    for source in [args.get("sourceJson"), *(args.get("sourcePolicyDocuments") or ())]:
        _merge(document, _parsed(source))
    own = [_statement(statement, _version(args)) for statement in args.get("statements") or ()]
    _refuse_double_sids(own)
    _merge(document, {"Version": _version(args), "Id": args.get("policyId"), "Statement": own})
    for override in [args.get("overrideJson"), *(args.get("overridePolicyDocuments") or ())]:
        _merge(document, _parsed(override))
    ordered = {key: document[key] for key in ("Version", "Id", "Statement") if document.get(key)}
    text = json.dumps(ordered, indent=2, ensure_ascii=False)
    return {
        **args,
        "version": _version(args),
        "id": str(zlib.crc32(text.encode())),
        "json": text,
        "minifiedJson": json.dumps(ordered, separators=(",", ":"), ensure_ascii=False),
    }


def _version(args: Mapping[str, Any]) -> str:
    version = args.get("version") or DEFAULT_VERSION
    if version not in ("2008-10-17", DEFAULT_VERSION):
        raise PolicyDocumentError(f"version is {version!r}; it must be 2008-10-17 or {DEFAULT_VERSION}")
    return str(version)


def _parsed(text: Any) -> dict[str, Any]:
    if not text:
        return {}
    try:
        document = json.loads(text)
    except ValueError as error:
        raise PolicyDocumentError(f"a source or override document is not valid JSON: {error}") from error
    if not isinstance(document, dict):
        raise PolicyDocumentError("a source or override document must be a JSON object")
    statements = document.get("Statement") or []
    return {**document, "Statement": statements if isinstance(statements, list) else [statements]}


def _merge(document: dict[str, Any], newer: Mapping[str, Any]) -> None:
    """Merge `newer` into `document`: version and id replace, statements replace by sid or are appended."""
    for key in ("Version", "Id"):
        if newer.get(key):
            document[key] = newer[key]
    statements = document.setdefault("Statement", [])
    for statement in newer.get("Statement") or ():
        sid = statement.get("Sid")
        places = [place for place, old in enumerate(statements) if sid and old.get("Sid") == sid]
        if places:
            statements[places[0]] = statement
        else:
            statements.append(statement)


def _refuse_double_sids(statements: Iterable[Mapping[str, Any]]) -> None:
    seen: set[str] = set()
    for statement in statements:
        sid = statement.get("Sid")
        if sid in seen:
            raise PolicyDocumentError(f"the sid {sid!r} is on two statements; sids must be unique")
        if sid:
            seen.add(sid)


def _statement(block: Mapping[str, Any], version: str) -> dict[str, Any]:
    effect = block.get("effect") or "Allow"
    if effect not in ("Allow", "Deny"):
        raise PolicyDocumentError(f"effect is {effect!r}; it must be Allow or Deny")
    statement = {
        "Sid": block.get("sid"),
        "Effect": effect,
        "Action": _values(block.get("actions")),
        "NotAction": _values(block.get("notActions")),
        "Resource": _values(block.get("resources"), version),
        "NotResource": _values(block.get("notResources"), version),
        "Principal": _principals(block.get("principals"), version),
        "NotPrincipal": _principals(block.get("notPrincipals"), version),
        "Condition": _conditions(block.get("conditions"), version),
    }
    return {key: value for key, value in statement.items() if value}


def _values(values: Any, version: str = "") -> Any:
    """Return one value, or several in descending order, with policy variables where the version supports them."""
    texts = [_variables(str(value), version) for value in values or ()]
    return texts[0] if len(texts) == 1 else sorted(texts, reverse=True)


def _variables(text: str, version: str) -> str:
    if not version or "&{" not in text:
        return text
    if version == "2008-10-17":
        raise PolicyDocumentError(f"found &{{ in {text!r}: policy variables need version {DEFAULT_VERSION}")
    return text.replace("&{", "${")


def _principals(principals: Any, version: str) -> Any:
    by_type: dict[str, list[str]] = {}
    for principal in principals or ():
        identifiers = list(principal["identifiers"])
        if principal["type"] == "*" and identifiers == ["*"]:
            return "*"
        by_type.setdefault(principal["type"], []).extend(identifiers)
    return {kind: _values(identifiers, version) for kind, identifiers in sorted(by_type.items())}


def _conditions(conditions: Any, version: str) -> dict[str, dict[str, Any]]:
    """`{test: {variable: value or values}}`; values keep their order."""
    found: dict[str, dict[str, Any]] = {}
    for condition in conditions or ():
        values = [_variables(str(value), version) for value in condition["values"]]
        found.setdefault(condition["test"], {})[_variables(condition["variable"], version)] = (
            values[0] if len(values) == 1 else values
        )
    return dict(sorted((test, dict(sorted(variables.items()))) for test, variables in found.items()))
