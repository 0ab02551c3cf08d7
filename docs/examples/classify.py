"""Ask the service about a file: ``python classify.py song.mp3 [http://127.0.0.1:8050]``; it needs no package."""

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

path, address = Path(sys.argv[1]), (sys.argv[2:] or ["http://127.0.0.1:8050"])[0].rstrip("/")
request = urllib.request.Request(
    f"{address}/api/classify?hop=3", data=path.read_bytes(), headers={"Content-Type": "application/octet-stream"}
)
try:
    with urllib.request.urlopen(request) as response:
        heard = json.load(response)
except urllib.error.HTTPError as error:
    problem = json.load(error)  # a problem document (RFC 9457); `detail` is written for people
    sys.exit(f"{problem['title']}: {problem['detail']}")

print(f"{path.name}: {heard['genre'] or heard['state']}")
for part in heard["segments"]:
    print(f"  {part['start_seconds']:6.1f} s to {part['end_seconds']:6.1f} s  {part['genre'] or part['state']}")
