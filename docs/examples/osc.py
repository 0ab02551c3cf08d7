"""Lines of JSON in, OSC out: ``python -m model listen --json | python docs/examples/osc.py [HOST] [PORT]``."""

import json
import socket
import struct
import sys

host, port = (sys.argv[1:] + ["127.0.0.1", "9000"][len(sys.argv) - 1 :])[:2]
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for message in map(json.loads, sys.stdin):
    if message["type"] == "window":
        for genre, score in message["probabilities"].items():
            address = f"/genre/{genre}".encode()
            padded = address + b"\0" * (4 - len(address) % 4)  # OSC's strings end in one to four zeros
            out.sendto(padded + b",f\0\0" + struct.pack(">f", score), (host, int(port)))
