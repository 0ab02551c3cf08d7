"""Listen live through the service: ``ffmpeg ... -f s16le -ac 1 -ar 44100 - | python live.py [ws://127.0.0.1:8050]``.

It needs ``pip install simple-websocket``. The sound is 16-bit little-endian mono PCM, sent as it comes.
"""

import json
import sys
import threading

from simple_websocket import Client

RATE_HZ = 44_100
address = (sys.argv[1:] or ["ws://127.0.0.1:8050"])[0].rstrip("/")
socket = Client(f"{address}/api/live")
socket.send(json.dumps({"type": "hello", "sample_rate": RATE_HZ, "hop": 0.5, "pace": "fast"}))  # "live": in real time


def send() -> None:
    """Send standard input, and say when it is over."""
    while piece := sys.stdin.buffer.read(8192):
        socket.send(piece)
    socket.send(json.dumps({"type": "end"}))


threading.Thread(target=send, daemon=True).start()
header = json.loads(socket.receive())
while header["type"] == "header":
    message = json.loads(socket.receive())
    if message["type"] == "window":
        best = message["genre"] or message["state"]
        print(f"{message['end'] / header['sample_rate']:7.1f} s  {best}  {max(message['p']):.2f}", flush=True)
    elif message["type"] == "error":
        sys.exit(f"{message['problem']['title']}: {message['problem']['detail']}")
    elif message["type"] == "end":  # the server then closes the connection
        break
else:
    sys.exit(f"{header['problem']['title']}: {header['problem']['detail']}")
