"""Boards and alerts speak of metrics that exist."""

import re

import pytest
from prometheus_client import REGISTRY

from samovar.cli.generators.observability import ALERTS, PANELS
from samovar.kit import metrics

EXPRESSIONS = [expression for _, _, expression in PANELS] + [expression for _, expression, _, _ in ALERTS]
METRIC = re.compile(r"\bsamovar_\w+")


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_names_only_metrics_of_the_catalogue(expression: str) -> None:
    assert metrics.render()
    known = {
        name
        for family in REGISTRY.collect()
        for name in (family.name, f"{family.name}_total", f"{family.name}_bucket")
    }
    named = set(METRIC.findall(expression))
    assert named <= known
    assert named or 'up{job="samovar"}' in expression
