#!/usr/bin/env bash
# Writes the digests of the images, as their registries have them today, behind their tags in the Dockerfile and in
# cloudbuild.yaml. Look at the difference, test, and commit it; run it again for newer images.
#
#   deploy/container/pin.sh

set -euo pipefail
cd "$(dirname "$0")/../.."

# digest REGISTRY REPOSITORY TAG [TOKEN]: what the registry says the tag stands for, whatever the platform.
digest() {
  local url="https://$1/v2/$2/manifests/$3" accept found
  accept='application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json'
  found="$(curl --fail --silent --show-error --head --location ${4:+--header "Authorization: Bearer $4"} \
    --header "Accept: $accept" "$url" | tr -d '\r' | sed -n 's/^docker-content-digest: *//Ip' | tail -n 1)"
  if [[ ! "$found" =~ ^sha256:[0-9a-f]{64}$ ]]; then
    printf '%s\n' "pin.sh: $url names no digest" >&2
    exit 1
  fi
  printf '%s' "$found"
}

# pin IMAGE DIGEST: in both files, whether there is a digest behind the tag already or not.
pin() {
  local file
  for file in deploy/container/Dockerfile cloudbuild.yaml; do
    sed -E "s#(NODE_IMAGE=|name: )$1(@sha256:[0-9a-f]{64})?\$#\\1$1@$2#" "$file" >"$file.pinned"
    cat "$file.pinned" >"$file"
    rm "$file.pinned"
  done
  printf '%s\n' "$1@$2"
}

token="$(curl --fail --silent --show-error \
  'https://auth.docker.io/token?service=registry.docker.io&scope=repository:library/node:pull' |
  sed -n 's/.*"token":"\([^"]*\)".*/\1/p')"
for tag in 24 24-slim; do
  pin "node:$tag" "$(digest registry-1.docker.io library/node "$tag" "$token")"
done
gcloud=gcr.io/google.com/cloudsdktool/google-cloud-cli
pin "$gcloud:slim" "$(digest gcr.io "${gcloud#*/}" slim)"
