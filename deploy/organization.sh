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
#   --export               may export the inventory as well (AUDIT_INVENTORY=export)
#   --findings             may also write findings to Security Command Center (AUDIT_SCC)
#   --remove               takes the rights away again
#   --yes                  asks nothing
#   --plan                 prints every command and sends nothing

set -euo pipefail
# shellcheck source=deploy/steps.sh
. "$(dirname "$0")/steps.sh"

organization='' project='' scope='' service=gemini-key-audit export=no findings=no remove=no
for argument in "$@"; do
  case "$argument" in
    --organization=*) organization="${argument#*=}" ;;
    --project=*) project="${argument#*=}" ;;
    --scope=*) scope="${argument#*=}" ;;
    --service=*) service="${argument#*=}" ;;
    --export) export=yes ;;
    --findings) findings=yes ;;
    --remove) remove=yes ;;
    --yes) yes=yes ;;
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

member="serviceAccount:$service-run@$project.iam.gserviceaccount.com"

# binding add|remove ROLE: the role on each scope.
binding() {
  local each
  for each in ${scope//,/ }; do
    case "$each" in
      organizations/*) policy "$@" organizations "${each#*/}" ;;
      folders/*) policy "$@" resource-manager folders "${each#*/}" ;;
      projects/*) policy "$@" projects "${each#*/}" ;;
    esac
  done
}

# policy add|remove ROLE GROUP... ID
policy() {
  local verb="$1" role="organizations/$organization/roles/$2" id="${!#}"
  local group=("${@:3:$#-3}")
  if [ "$verb" = remove ]; then
    unbound "$member" "$role" "${group[@]}" "$id"
  else
    patiently gcloud "${group[@]}" add-iam-policy-binding "$id" \
      --member="$member" --role="$role" --condition=None --format=none
  fi
}

steps=2
if [ "$export" = yes ] && [ "$remove" = no ]; then steps=$((steps + 1)); fi
if [ "$findings" = yes ] && [ "$remove" = no ]; then steps=$((steps + 1)); fi
if [ "$remove" = yes ]; then change='no longer read'; else change='read'; fi
confirm "This lets $service-run of $project $change what is in $scope."

if [ "$remove" = yes ]; then
  step 'The auditor may no longer read'
  binding remove geminiKeyAuditor
  if [ "$export" = yes ]; then binding remove geminiKeyAuditorExport; fi
  if [ "$findings" = yes ]; then policy remove geminiKeyAuditorFindings organizations "$organization"; fi
  step 'The roles stay for other auditors of the organization. When there are none any more:'
  note "  gcloud iam roles delete geminiKeyAuditor --organization=$organization" \
    "  gcloud iam roles delete geminiKeyAuditorExport --organization=$organization" \
    "  gcloud iam roles delete geminiKeyAuditorFindings --organization=$organization"
  exit
fi

step 'The role: what the calls of the auditor need, and nothing else'
role geminiKeyAuditor --organization="$organization"

step 'The auditor has it on what it audits'
binding add geminiKeyAuditor

if [ "$export" = yes ]; then
  step 'It may also have the inventory exported'
  role geminiKeyAuditorExport --organization="$organization"
  binding add geminiKeyAuditorExport
fi

if [ "$findings" = yes ]; then
  step 'It may also write findings to Security Command Center: all that it may change outside of its own project'
  role geminiKeyAuditorFindings --organization="$organization"
  policy add geminiKeyAuditorFindings organizations "$organization"
fi

summary "organizations/$organization"
