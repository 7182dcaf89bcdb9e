"""How PostgreSQL answered the queries of a page: noted one by one, each as a short line instead of a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "
# These only hand on what the nodes below them read.
PASSED_OVER = ("Limit", "Nested Loop", "Result", "Subquery Scan", "Materialize", "Memoize", "Append", "Gather")


@dataclass(frozen=True)
class Plan:
    """One query: the nodes that read or sort, with rows and loops; its milliseconds; the blocks of 8 KB it touched."""

    nodes: list[str]
    rows: list[str]
    ms: float
    blocks: int

    @classmethod
    def of(cls, explained: dict[str, Any]) -> Plan:
        """Read what EXPLAIN says in JSON."""
        top = explained["Plan"]
        lines = list(_walked(top))
        blocks = top["Shared Hit Blocks"] + top["Shared Read Blocks"]
        return cls([node for node, _ in lines], [rows for _, rows in lines], explained["Execution Time"], blocks)

    def __str__(self) -> str:
        """Return the nodes in the order in which they are nested."""
        return "; ".join(f"{node} {rows}" for node, rows in zip(self.nodes, self.rows, strict=True)) or "no table"


@dataclass
class Queries:
    """Count the queries that run meanwhile (no BEGIN, no COMMIT), and explain each when asked to.

    A wrapper for ``connection.execute_wrapper``. Each query is explained in its own transaction, just before it
    runs, so under the very settings that the page chose for it.
    """

    explained: bool = False
    count: int = 0
    plans: list[Plan] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django calls it so
        """Let a query through."""
        self.count += 1
        if self.explained:
            with context["connection"].connection.cursor() as cursor:
                ((explained,),) = cursor.execute(EXPLAIN + sql, params).fetchall()
            self.plans.append(Plan.of(explained[0]))
        return execute(sql, params, many, context)


def _walked(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each node that did something, and how many rows it gave, how often."""
    if not node["Actual Loops"]:
        return
    kind = node["Node Type"]
    if kind not in PASSED_OVER:
        at = node.get("Index Name") or node.get("Relation Name") or ""
        loops = f" × {node['Actual Loops']:g}" if node["Actual Loops"] > 1 else ""
        yield f"{kind} {at}".strip(), f"({node['Actual Rows']:g}{loops})"
    for below in node.get("Plans", []):
        yield from _walked(below)
