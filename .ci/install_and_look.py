"""Installs the product with the Python that runs this, serves it, and looks at one page."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

source, data = sys.argv[1:]
for absent in ("node", "npm", "java"):
    assert shutil.which(absent) is None, f"{absent} is on PATH"
subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", source], check=True)
vitk = shutil.which("vitk")
assert vitk
with subprocess.Popen(
    [vitk, "serve", "--port", "0", "--data-dir", data], cwd=Path(data).parent, stdout=subprocess.PIPE, text=True
) as server:
    assert server.stdout
    said = ""
    while "Ctrl-C" not in said:
        line = server.stdout.readline()
        assert line, said
        said += line
    address = re.findall(r"home +(\S+)", said)[0]
    page = ""
    deadline = time.monotonic() + 60
    while not page and time.monotonic() < deadline and server.poll() is None:
        try:
            page = urllib.request.urlopen(address + "page/menaquinone-7", timeout=10).read().decode()
        except OSError:
            time.sleep(0.1)
    server.terminate()
assert page, f"{address} gave no page within a minute"
assert "menaquinone-7" in page
sys.stdout.write(said + f"{address}page/menaquinone-7: {len(page)} characters\n")
