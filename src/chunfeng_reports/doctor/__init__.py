"""Doctor: what the campaign's rules notice of errors that are planted into clean returns."""

from chunfeng_reports.doctor.coverage import Coverage, measure, measure_made_up
from chunfeng_reports.doctor.planting import KINDS

__all__ = ["KINDS", "Coverage", "measure", "measure_made_up"]
