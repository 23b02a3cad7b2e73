"""The coverage board to take away: workbook, document, drawing and the one-file map.

All are made of one `gathering.Gathered`, which asks the queries of the page.
"""
