#!/bin/sh
# Ask the service about a file: sh classify.sh song.mp3 [http://127.0.0.1:8050]
curl --silent --show-error --fail-with-body --data-binary "@$1" --header 'Content-Type: application/octet-stream' \
  "${2:-http://127.0.0.1:8050}/api/classify?hop=3"
