#!/bin/sh
# Fills the compile cache while the image is built: each process starts on a folder that is thrown away and is ended politely.
# Node writes the cache when a process ends and finds it again under the same flags.
set -eu
flags='--disable-warning=ExperimentalWarning --optimize-for-size --max-semi-space-size=1'
folder=$(mktemp -d)
for app in collector detectors web/server web/broker; do
  name=$(echo "$app" | tr / -)
  mkdir -p "$folder/$name/run"
  ODYSSEY_DATA="$folder/$name" DOCKER_HOST=unix://"$folder"/none.sock timeout -s TERM 8 node $flags "$app/main.ts" >"$folder/$name/log" 2>&1 &
done
wait
rm -rf "$folder"
[ -n "$(ls .compile-cache)" ]
chmod -R a+rX .compile-cache
