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
#   --events               feeds the function keyChanged, which may read single projects (setup.sh --events)
#   --remove               takes the rights away again
#   --yes                  asks nothing
#   --plan                 prints every command and sends nothing

set -euo pipefail
# shellcheck source=deploy/steps.sh
. "$(dirname "$0")/steps.sh"

organization='' project='' scope='' service=gemini-key-audit export=no findings=no events=no remove=no
for argument in "$@"; do
  case "$argument" in
    --organization=*) organization="${argument#*=}" ;;
    --project=*) project="${argument#*=}" ;;
    --scope=*) scope="${argument#*=}" ;;
    --service=*) service="${argument#*=}" ;;
    --export) export=yes ;;
    --findings) findings=yes ;;
    --events) events=yes ;;
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
feed_member="serviceAccount:$service-feed@$project.iam.gserviceaccount.com"

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

# feeds add|remove: what happens to keys, and to the Gemini API, in each scope.
feeds() {
  local each parent
  for each in ${scope//,/ }; do
    case "$each" in
      organizations/*) parent="--organization=${each#*/}" ;;
      folders/*) parent="--folder=${each#*/}" ;;
      projects/*) parent="--project=${each#*/}" ;;
    esac
    look "$service" gcloud asset feeds list "$parent" --billing-project="$project" \
      '--flatten=feeds[]' --format='value(feeds.name.basename())'
    if [ "$1" = remove ]; then
      if_present gcloud asset feeds delete "$service" "$parent" --billing-project="$project"
    else
      if_absent gcloud asset feeds create "$service" "$parent" --billing-project="$project" \
        --asset-types=apikeys.googleapis.com/Key,serviceusage.googleapis.com/Service --content-type=resource \
        --pubsub-topic="projects/$project/topics/$service-feed" \
        --condition-title='Keys and the Gemini API' --condition-expression="$wanted" --format=none
    fi
  done
}
wanted='temporal_asset.asset.name.startsWith("//apikeys.googleapis.com/") || temporal_asset.asset.name.endsWith("/services/generativelanguage.googleapis.com")'

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
if [ "$events" = yes ] && [ "$remove" = no ]; then steps=$((steps + 1)); fi
if [ "$remove" = yes ]; then change='no longer read'; else change='read'; fi
confirm "This lets $service-run of $project $change what is in $scope."

if [ "$remove" = yes ]; then
  step 'The auditor may no longer read'
  binding remove geminiKeyAuditor
  if [ "$export" = yes ]; then binding remove geminiKeyAuditorExport; fi
  if [ "$findings" = yes ]; then policy remove geminiKeyAuditorFindings organizations "$organization"; fi
  if [ "$events" = yes ]; then
    feeds remove
    member="$feed_member"
    binding remove geminiKeyAuditorEvents
  fi
  step 'The roles stay for other auditors of the organization. When there are none any more:'
  note "  gcloud iam roles delete geminiKeyAuditor --organization=$organization" \
    "  gcloud iam roles delete geminiKeyAuditorExport --organization=$organization" \
    "  gcloud iam roles delete geminiKeyAuditorFindings --organization=$organization" \
    "  gcloud iam roles delete geminiKeyAuditorEvents --organization=$organization"
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

if [ "$events" = yes ]; then
  step 'The function keyChanged may read single projects, and the feed reports what happens there'
  role geminiKeyAuditorEvents --organization="$organization"
  member="$feed_member"
  binding add geminiKeyAuditorEvents
  feeds add
fi

summary "organizations/$organization"
