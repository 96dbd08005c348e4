"""The rules in sentences: each with what was found, in Russian or English."""

from collections.abc import Iterable

from samovar.kit.errors import FieldError
from samovar.kit.i18n import Catalogue, Language
from samovar.services.payment.refunds.eligibility import Finding, Verdict
from samovar.services.payment.refunds.schemas import RuleView


class Explanations:
    """Words for what the rules say.

    Args:
        catalogue: Where the sentences are: `payment.refund_rule.<rule>[_<variant>].met`, and `.unmet`.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def text_of(self, finding: Finding, language: Language) -> str:
        """Return a finding as a sentence."""
        rule = f"{finding.code}_{finding.variant}" if finding.variant else finding.code
        outcome = "met" if finding.is_met else "unmet"
        return self._catalogue.text(
            f"payment.refund_rule.{rule}.{outcome}",
            language,
            count=finding.value or 0,
            limit=finding.limit or 0,
            until=finding.until or "",
        )

    def view_of(self, finding: Finding, language: Language) -> RuleView:
        """Return a finding as the page shows it."""
        return RuleView(
            code=finding.code,
            is_met=finding.is_met,
            text=self.text_of(finding, language),
            value=finding.value,
            limit=finding.limit,
            until=finding.until,
        )

    def faults_of(self, verdicts: Iterable[Verdict], language: Language) -> list[FieldError]:
        """Return the rules that are not met, each beside its line."""
        return [
            FieldError(
                f"lines.{verdict.line_id}",
                f"refund_{finding.code}",
                self.text_of(finding, language),
                None if finding.limit is None else str(finding.limit),
            )
            for verdict in verdicts
            for finding in verdict.findings
            if not finding.is_met
        ]
