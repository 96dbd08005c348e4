"""Templates: everything escaped, no hole, markup in layouts alone."""

from importlib import resources
from typing import Any

import pytest

from samovar.kit.i18n import Catalogue
from samovar.kit.text.templates import Template, TemplateError

CATALOGUE = Catalogue.load([resources.files("samovar.kit") / "locale"])


@pytest.mark.parametrize("source", ["{{#a}}", "{{/a}}", "{{#a}}{{#b}}{{/a}}{{/b}}", "{{&a}}"])
def test_a_broken_template_is_refused(source: str) -> None:
    with pytest.raises(TemplateError):
        Template("broken", source)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"items": [{"a": "1"}, {"a": "2"}], "b": "x"}, "1x2x"),
        ({"items": [], "b": "x"}, "none"),
        ({"items": None, "b": "x"}, "none"),
        ({"items": "text", "a": "<", "b": "x"}, "&lt;x"),
        ({"items": True, "a": 1, "b": "x"}, "1x"),
    ],
)
def test_a_section_stands_once_often_or_not_at_all(values: dict[str, Any], shown: str) -> None:
    template = Template("list", "{{#items}}{{a}}{{b}}{{/items}}{{^items}}none{{/items}}")
    assert template.fill(CATALOGUE, "ru", values) == shown


def test_a_value_is_escaped_and_markup_stands_in_a_layout_alone() -> None:
    values = {"a": "<b>&\"'{{a}}"}
    escaped = "&lt;b&gt;&amp;&quot;&#x27;{{a}}"
    assert Template("page", "{{a}}").fill(CATALOGUE, "ru", values) == escaped
    assert Template("layout", "{{&a}}", holds_markup=True).fill(CATALOGUE, "ru", values) == values["a"]


def test_a_value_that_is_not_given_is_a_defect() -> None:
    with pytest.raises(TemplateError, match="absent"):
        Template("page", "{{absent}}").fill(CATALOGUE, "ru", {})


def test_a_sentence_takes_its_parameters_from_the_values() -> None:
    template = Template("page", "{{@field.too_short}}")
    assert list(template.sentences()) == ["field.too_short"]
    assert template.fill(CATALOGUE, "en", {"limit": "<3"}).count("&lt;3") == 1
