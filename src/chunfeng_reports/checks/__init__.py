"""Checks: a campaign's rules (``expectations/``), held against facts and totals.

The only room that uses Great Expectations; importing it here does not load it.
"""

from chunfeng_reports.checks.checking import Checked, check_due, check_rollup
from chunfeng_reports.checks.rules import Rule, Suite
from chunfeng_reports.checks.suites import load_own, load_suites, rule_labels

__all__ = [
    "Checked",
    "Rule",
    "Suite",
    "check_due",
    "check_rollup",
    "load_own",
    "load_suites",
    "rule_labels",
]
