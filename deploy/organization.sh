#!/usr/bin/env bash
# Lets the auditor read what it audits: a custom role of the organization, bound to the auditor's identity.
# For whoever may administer roles and policies of the organization (roles/iam.organizationRoleAdmin and
# roles/resourcemanager.organizationAdmin, or roles/resourcemanager.folderIamAdmin for folders); nothing else is needed.
#
#   deploy/organization.sh --organization=NUMBER --project=ID [--scope=folders/NUMBER] [--plan]
#
#   --organization=NUMBER  where the role lives
#   --project=ID           the auditor's own project, where setup.sh has made its identity
#   --scope=SCOPE          what is audited, several with commas (organizations/NUMBER)
#   --service=NAME         name of the service (gemini-key-audit)
#   --remove               takes the rights away again, and the role with the last of them
#   --plan                 prints every command and sends nothing

set -euo pipefail
# shellcheck source=deploy/steps.sh
. "$(dirname "$0")/steps.sh"

organization='' project='' scope='' service=gemini-key-audit remove=no
for argument in "$@"; do
  case "$argument" in
    --organization=*) organization="${argument#*=}" ;;
    --project=*) project="${argument#*=}" ;;
    --scope=*) scope="${argument#*=}" ;;
    --service=*) service="${argument#*=}" ;;
    --remove) remove=yes ;;
    --plan) plan=yes ;;
    --help) usage && exit ;;
    *) die "$argument is no option; --help tells them all" ;;
  esac
done
one='(organizations/[0-9]+|folders/[0-9]+|projects/[a-z0-9-]+)'
matches "$organization" '[0-9]+' --organization=NUMBER
matches "$project" '[a-z][a-z0-9-]{4,28}[a-z0-9]' --project=ID
matches "${scope:=organizations/$organization}" "$one(,$one)*" --scope=SCOPE
matches "$service" '[a-z][a-z0-9-]{0,22}[a-z0-9]' --service=NAME
for_temporary_files

id=geminiKeyAuditor
role="organizations/$organization/roles/$id"
member="serviceAccount:$service-run@$project.iam.gserviceaccount.com"

# binding add|remove: the role on each scope.
binding() {
  local each
  for each in ${scope//,/ }; do
    case "$each" in
      organizations/*) set -- "$1" organizations "${each#*/}" ;;
      folders/*) set -- "$1" resource-manager folders "${each#*/}" ;;
      projects/*) set -- "$1" projects "${each#*/}" ;;
    esac
    policy "$@"
  done
}

# policy add|remove GROUP... ID
policy() {
  local verb="$1" group=("${@:2:$#-2}")
  patiently gcloud "${group[@]}" "$verb-iam-policy-binding" "${!#}" \
    --member="$member" --role="$role" --condition=None --format=none
}

if [ "$remove" = yes ]; then
  step 'The auditor may no longer read'
  binding remove
  printf '%s\n' "# The role stays for other auditors of the organization. When there are none any more:" \
    "#   gcloud iam roles delete $id --organization=$organization"
  exit
fi

step 'The role: what the calls of the auditor need, and nothing else'
look "$role" gcloud iam roles list --organization="$organization" --show-deleted --filter=deleted=true \
  --format='value(name)'
if_present gcloud iam roles undelete "$id" --organization="$organization" --format=none
look "$role" gcloud iam roles list --organization="$organization" --format='value(name)'
if_absent gcloud iam roles create "$id" --organization="$organization" \
  --file="$(in_file "roles/$id.yaml")" --quiet --format=none
if_present gcloud iam roles update "$id" --organization="$organization" \
  --file="$(in_file "roles/$id.yaml")" --quiet --format=none

step 'The auditor has it on what it audits'
binding add
