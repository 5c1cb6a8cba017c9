"""Returns: findings → return slips and the words that go with them. Nothing is sent.

This room writes workbooks with openpyxl; what stands in the units' files comes to it as copies.
"""

from chunfeng_reports.returns.making import Sent, make_returns, wanted_files

__all__ = ["Sent", "make_returns", "wanted_files"]
