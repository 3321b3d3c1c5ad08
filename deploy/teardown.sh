#!/usr/bin/env bash
# Takes away what setup.sh and the build have made. Log and archive stay: they are evidence.
#
#   deploy/teardown.sh --project=ID [--plan]
#
#   --project=ID           the auditor's own project
#   --region=REGION        as with setup.sh (europe-west1)
#   --service=NAME         as with setup.sh (gemini-key-audit)
#   --archive-bucket=NAME  as with setup.sh (PROJECT-SERVICE)
#   --with-records         deletes log and archive as well; what is locked or not old enough refuses
#   --yes                  asks nothing
#   --plan                 prints every command and sends nothing

set -euo pipefail
# shellcheck source=deploy/steps.sh
. "$(dirname "$0")/steps.sh"

project='' region=europe-west1 service=gemini-key-audit bucket='' records=no
for argument in "$@"; do
  case "$argument" in
    --project=*) project="${argument#*=}" ;;
    --region=*) region="${argument#*=}" ;;
    --service=*) service="${argument#*=}" ;;
    --archive-bucket=*) bucket="${argument#*=}" ;;
    --with-records) records=yes ;;
    --yes) yes=yes ;;
    --plan) plan=yes ;;
    --help) usage && exit ;;
    *) die "$argument is no option; --help tells them all" ;;
  esac
done
bucket="${bucket:-$project-$service}"
matches "$project" '[a-z][a-z0-9-]{4,28}[a-z0-9]' --project=ID
matches "$region" '[a-z]+-[a-z]+[0-9]+' --region=REGION
matches "$service" '[a-z][a-z0-9-]{0,22}[a-z0-9]' --service=NAME
matches "$bucket" '[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]' --archive-bucket=NAME

domain="$project.iam.gserviceaccount.com"

steps=7
if [ "$records" = yes ]; then steps=8; fi
confirm "This takes $service away from $project$([ "$records" = no ] || printf ', log and archive included')."

# without_role ACCOUNT ROLE
without_role() {
  unbound "serviceAccount:$1" "$2" projects "$project"
}

# without_account NAME
without_account() {
  look "$1@$domain" gcloud iam service-accounts list --project="$project" --format='value(email)'
  if_present gcloud iam service-accounts delete "$1@$domain" --project="$project" --quiet
}

step 'The schedule first, so that nothing starts any more, then service and job'
look "$service" gcloud scheduler jobs list --project="$project" --location="$region" --format='value(name.basename())'
if_present gcloud scheduler jobs delete "$service" --project="$project" --location="$region" --quiet
for kind in services jobs; do
  look "$service" gcloud run "$kind" list --project="$project" --region="$region" --format='value(metadata.name)'
  if_present gcloud run "$kind" delete "$service" --project="$project" --region="$region" --quiet
done

step 'What reports single changes; the feed itself goes by organization.sh --events --remove'
look "$service-feed" gcloud pubsub subscriptions list --project="$project" --format='value(name.basename())'
if_present gcloud pubsub subscriptions delete "$service-feed" --project="$project" --quiet
look "$service-feed" gcloud run services list --project="$project" --region="$region" --format='value(metadata.name)'
if_present gcloud run services delete "$service-feed" --project="$project" --region="$region" --quiet
look "$service-feed" gcloud pubsub topics list --project="$project" --format='value(name.basename())'
if_present gcloud pubsub topics delete "$service-feed" --project="$project" --quiet

step 'Alerts and what they count'
policies=projects/$project/alertPolicies/POLICY_ID
list=(gcloud alpha monitoring policies list --project="$project"
  --filter="userLabels.service=$service" --format='value(name)')
quoted "${list[@]}"
[ "$plan" = yes ] || policies="$("${list[@]}")"
for policy in $policies; do
  run gcloud alpha monitoring policies delete "$policy" --project="$project" --quiet
done
for metric in "$service-runs" "$service-attempts"; do
  look "$metric" gcloud logging metrics list --project="$project" --format='value(name)'
  if_present gcloud logging metrics delete "$metric" --project="$project" --quiet
done

step 'The sink; what is written from now on is kept in _Default again'
look "$service" gcloud logging sinks list --project="$project" --format='value(name)'
if_present gcloud logging sinks delete "$service" --project="$project" --quiet
look "$service" gcloud logging sinks describe _Default --project="$project" \
  '--flatten=exclusions[]' --format='value(exclusions.name)'
if_present gcloud logging sinks update _Default --project="$project" --remove-exclusions="$service"

step "Slack's token"
look "$service-slack" gcloud secrets list --project="$project" --format='value(name.basename())'
if_present gcloud secrets delete "$service-slack" --project="$project" --quiet

step 'Rights and identities; those on the organization go by organization.sh --remove'
without_role "$service-run@$domain" roles/logging.logWriter
without_role "$service-run@$domain" roles/serviceusage.serviceUsageConsumer
without_role "$service-run@$domain" "projects/$project/roles/geminiKeyAuditorDoctor"
without_role "$service-feed@$domain" roles/logging.logWriter
without_role "$service-feed@$domain" roles/serviceusage.serviceUsageConsumer
without_role "$service-build@$domain" roles/run.builder
without_role "$service-build@$domain" roles/run.sourceDeveloper
without_role "$service-build@$domain" roles/serviceusage.serviceUsageConsumer
without_role "$service-build@$domain" roles/cloudscheduler.admin
without_account "$service-run"
without_account "$service-cron"
without_account "$service-feed"
without_account "$service-push"
without_account "$service-build"

step 'What is left: the custom roles geminiKeyAuditor* of the project, bound to nobody any more, and the images in its'
printf '%s\n' '# Artifact Registry, cloud-run-source-deploy, which other services may use as well'

if [ "$records" = yes ]; then
  step 'The records, which nobody can bring back'
  look "$service" gcloud logging buckets list --project="$project" --location="$region" --format='value(name.basename())'
  if_present gcloud logging buckets delete "$service" --project="$project" --location="$region" --quiet
  look "$bucket" gcloud storage buckets list --project="$project" --format='value(name)'
  if_present gcloud storage rm "gs://$bucket" --recursive
else
  printf '\n%s\n' "# Kept as evidence: the log bucket $service in $region, and gs://$bucket (--with-records deletes them)"
fi
