"""WeasyPrint kept warm in one process: FILE CSS OUTPUT VARIANT RUNS. Prints the median in milliseconds as JSON."""

import json
import sys
import time
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

file, css, output, variant, runs = sys.argv[1:]
template = Path(file).read_text(encoding="utf-8").replace('<link rel="stylesheet" href="page.css">', "")
# Fonts and styles are read once: what could be kept is kept.
fonts = FontConfiguration()
styles = CSS(filename=css, font_config=fonts)
times = []
for number in range(int(runs) + 2):
    text = template.replace("@NUMBER@", str(10_000_000 + number))
    began = time.perf_counter()
    pdf = HTML(string=text).write_pdf(stylesheets=[styles], font_config=fonts, pdf_variant=variant)
    times.append((time.perf_counter() - began) * 1000)
Path(output).write_bytes(pdf)
# The first two warm it.
times = sorted(times[2:])
print(json.dumps({"median": times[len(times) // 2]}))
