"""The ground floor: rubrics, scores, formats, judging and measuring, in pure Python."""
