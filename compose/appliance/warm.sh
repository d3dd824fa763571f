#!/bin/sh
# Fills the compile cache while the image is built: each process starts on a folder that is thrown away and is ended politely.
# Node writes the cache when a process ends and finds it again under the same flags.
set -eu
flags='--disable-warning=ExperimentalWarning --optimize-for-size --max-semi-space-size=1'
folder=$(mktemp -d)
for main in collector/main.ts detectors/main.ts web/server/main.ts web/broker/main.ts; do
  mkdir -p "$folder/run"
  ODYSSEY_DATA="$folder" DOCKER_HOST=unix://"$folder"/none.sock timeout -s TERM 5 node $flags "$main" >/dev/null 2>&1 || true
done
rm -rf "$folder"
chmod -R a+rX .compile-cache
