#!/usr/bin/env bash
# Makes everything that the auditor needs in its own project; what needs rights on the organization is organization.sh.
# Run again, it changes what differs and leaves the rest.
#
#   deploy/setup.sh --project=ID [--notification-channel=projects/ID/notificationChannels/NUMBER] [--plan]
#
#   --project=ID                 the auditor's own project
#   --notification-channel=NAME  whom the alerts reach, several with commas; without one they show in the console alone
#   --region=REGION              where service, job, secret, log and archive live (europe-west1)
#   --service=NAME               name of the service; everything else is named after it (gemini-key-audit)
#   --archive-bucket=NAME        bucket that remembers runs (PROJECT-SERVICE)
#   --export-bucket=NAME         bucket for AUDIT_INVENTORY=export, which only very large organizations need (none)
#   --retention-days=DAYS        how long log and archive keep, 400 to 3650 (400)
#   --lock                       nobody can delete or shorten them any more, for good
#   --events                     for the function keyChanged, which reports single changes at once (docs/events.md)
#   --job                        for a Cloud Run job instead of a service: other alerts, and the right to run it
#   --kms-key=NAME               Cloud KMS key of the region for buckets, log and secret (Google's keys)
#   --yes                        asks nothing
#   --plan                       prints every command and sends nothing

set -euo pipefail
# shellcheck source=deploy/steps.sh
. "$(dirname "$0")/steps.sh"

project='' channels='' region=europe-west1 service=gemini-key-audit bucket='' exports='' days=400 lock=no key='' job=no events=no
for argument in "$@"; do
  case "$argument" in
    --project=*) project="${argument#*=}" ;;
    --notification-channel=*) channels="${argument#*=}" ;;
    --region=*) region="${argument#*=}" ;;
    --service=*) service="${argument#*=}" ;;
    --archive-bucket=*) bucket="${argument#*=}" ;;
    --export-bucket=*) exports="${argument#*=}" ;;
    --retention-days=*) days="${argument#*=}" ;;
    --lock) lock=yes ;;
    --events) events=yes ;;
    --job) job=yes ;;
    --kms-key=*) key="${argument#*=}" ;;
    --yes) yes=yes ;;
    --plan) plan=yes ;;
    --help) usage && exit ;;
    *) die "$argument is no option; --help tells them all" ;;
  esac
done
bucket="${bucket:-$project-$service}"
matches "$project" '[a-z][a-z0-9-]{4,28}[a-z0-9]' --project=ID
one_channel='projects/[^/,]+/notificationChannels/[0-9]+'
if [ -n "$channels" ]; then
  matches "$channels" "$one_channel(,$one_channel)*" --notification-channel=projects/ID/notificationChannels/NUMBER
fi
matches "$region" '[a-z]+-[a-z]+[0-9]+' --region=REGION
matches "$service" '[a-z][a-z0-9-]{0,22}[a-z0-9]' --service=NAME # with -build it is the name of an account
matches "$bucket" '[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]' --archive-bucket=NAME
if [ -n "$key" ]; then
  matches "$key" 'projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+' \
    --kms-key=projects/PROJECT/locations/REGION/keyRings/RING/cryptoKeys/NAME
fi
if [ -n "$exports" ]; then matches "$exports" '[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]' --export-bucket=NAME; fi
for name in "$bucket" "$exports"; do
  case "$name" in
    "${project}_"* | "run-sources-$project-"*) die "$name is named like the buckets that the build may write to" ;;
  esac
done
matches "$days" '[0-9]{1,4}' --retention-days=DAYS
if [ "$days" -lt 400 ] || [ "$days" -gt 3650 ]; then die "--retention-days is from 400 to 3650, not $days"; fi
for_temporary_files

steps=9
if [ -n "$exports" ]; then steps=$((steps + 1)); fi
if [ "$events" = yes ]; then steps=$((steps + 1)); fi
if [ "$lock" = yes ]; then steps=$((steps + 1)); fi
confirm "This makes identities, rights, a secret, buckets, a log and alerts named $service in $project."

domain="$project.iam.gserviceaccount.com"
runtime="$service-run@$domain" scheduler="$service-cron@$domain" build="$service-build@$domain"

# account NAME WORDS: one identity.
account() {
  look "$1@$domain" gcloud iam service-accounts list --project="$project" --format='value(email)'
  if_absent gcloud iam service-accounts create "$1" --project="$project" --display-name="$2"
}

# project_role ACCOUNT ROLE [CONDITION]: a right on the whole project.
project_role() {
  patiently gcloud projects add-iam-policy-binding "$project" \
    --member="serviceAccount:$1" --role="$2" --condition="${3:-None}" --format=none
}

# build_role ROLE: a right of the build on the whole project, but of Cloud Storage only on the buckets in which gcloud
# stages sources: Google's roles for building let it read and add objects anywhere, the archive included. Bound without
# the condition, as it once was, the role would still hold everywhere.
build_role() {
  local sources='projects/_/buckets' other='resource.type != "storage.googleapis.com'
  project_role "$build" "$1" "title=$service-sources,expression=($other/Bucket\" && $other/Object\") || \
resource.name.startsWith(\"$sources/${project}_\") || resource.name.startsWith(\"$sources/run-sources-$project-\")"
  look "serviceAccount:$build $1 " gcloud projects get-iam-policy "$project" '--flatten=bindings[].members[]' \
    --format='value[separator=" "](bindings.members,bindings.role,bindings.condition.title)'
  if_present gcloud projects remove-iam-policy-binding "$project" \
    --member="serviceAccount:$build" --role="$1" --condition=None --format=none
}

# may_act_as ACCOUNT OTHER: a deployment hands the identity of the service and of the job over.
may_act_as() {
  patiently gcloud iam service-accounts add-iam-policy-binding "$2" --project="$project" \
    --member="serviceAccount:$1" --role=roles/iam.serviceAccountUser --condition=None --format=none
}

# metric NAME FILE: a metric that counts entries of the log.
metric() {
  local file
  file="$(in_file "$2")"
  look "$1" gcloud logging metrics list --project="$project" --format='value(name)'
  if_absent gcloud logging metrics create "$1" --project="$project" --config-from-file="$file"
  if_present gcloud logging metrics update "$1" --project="$project" --config-from-file="$file"
}

# alert NAME [FOLDER]: a policy of deploy/alerts, or of another folder there, found again by its labels, since Google names it.
alert() {
  local file name=projects/$project/alertPolicies/POLICY_ID
  file="$(in_file "${2:-alerts}/$1.yaml")"
  local list=(gcloud alpha monitoring policies list --project="$project"
    --filter="userLabels.service=$service AND userLabels.about=$1" --format='value(name)')
  quoted "${list[@]}"
  found=asked
  if [ "$plan" = no ]; then
    name="$("${list[@]}")"
    found="$([ -z "$name" ] && echo no || echo yes)"
  fi
  case "$found" in asked) printf '# if it is not there:\n' ;; esac
  # Cloud Monitoring knows a metric up to 10 minutes after it was made, and refuses the policy until then.
  if [ "$found" != yes ]; then
    waits='15 30 60 60 120 120 240' patiently gcloud alpha monitoring policies create --project="$project" \
      --policy-from-file="$file" ${channels:+"--notification-channels=$channels"}
    looked="$1"
    remember gcloud alpha monitoring policies create
  else
    there=$((there + 1))
  fi
  if_present gcloud alpha monitoring policies update "${name%%$'\n'*}" --project="$project" \
    --policy-from-file="$file" ${channels:+"--set-notification-channels=$channels"}
}

# asset_agent: as whom Cloud Asset Inventory writes; an agent of this project, which is made on demand.
asset_agent() {
  local number=PROJECT_NUMBER
  run gcloud beta services identity create --service=cloudasset.googleapis.com --project="$project"
  quoted gcloud projects describe "$project" --format='value(projectNumber)'
  [ "$plan" = yes ] || number="$(gcloud projects describe "$project" --format='value(projectNumber)')"
  agent="serviceAccount:service-$number@gcp-sa-cloudasset.iam.gserviceaccount.com"
}

# replication_file: where the secret lies and with which key, as gcloud takes both together.
replication_file() {
  if [ "$plan" = yes ]; then
    printf 'replication.json'
    return
  fi
  printf '%s' "$replication" >"$temporary/replication.json"
  printf '%s' "$temporary/replication.json"
}

step 'APIs, in this project alone: calls are charged to it, and the audited projects need none of them'
run gcloud services enable --project="$project" \
  cloudasset.googleapis.com apikeys.googleapis.com serviceusage.googleapis.com cloudresourcemanager.googleapis.com \
  monitoring.googleapis.com orgpolicy.googleapis.com logging.googleapis.com storage.googleapis.com
run gcloud services enable --project="$project" \
  run.googleapis.com cloudbuild.googleapis.com artifactregistry.googleapis.com cloudscheduler.googleapis.com \
  secretmanager.googleapis.com iam.googleapis.com

step 'Identities: the audit, the schedule, the build'
account "$service-run" 'Gemini key audit: runs'
account "$service-cron" 'Gemini key audit: starts a run'
account "$service-build" 'Gemini key audit: builds and deploys'

step 'The audit writes its log, its requests are charged to this project, and the doctor sees how long logs are kept'
project_role "$runtime" roles/logging.logWriter
project_role "$runtime" roles/serviceusage.serviceUsageConsumer
role geminiKeyAuditorDoctor --project="$project"
project_role "$runtime" "projects/$project/roles/geminiKeyAuditorDoctor"

step 'The build deploys the service and the job, and hands them their identities'
build_role roles/run.builder
build_role roles/run.sourceDeveloper
project_role "$build" roles/serviceusage.serviceUsageConsumer
project_role "$build" roles/cloudscheduler.admin
if [ "$job" = yes ]; then
  look "$service" gcloud artifacts repositories list --project="$project" --location="$region" --format='value(name.basename())'
  if_absent gcloud artifacts repositories create "$service" --project="$project" --location="$region" \
    --repository-format=docker ${key:+"--kms-key=$key"}
fi
may_act_as "$build" "$runtime"
may_act_as "$build" "$scheduler"
may_act_as "$build" "$build"

step "Slack's token: a secret that the audit alone may read; its value comes by hand"
look "$service-slack" gcloud secrets list --project="$project" --format='value(name.basename())'
if [ -z "$key" ]; then
  if_absent gcloud secrets create "$service-slack" --project="$project" \
    --replication-policy=user-managed --locations="$region"
else
  replica="{\"location\":\"$region\",\"customerManagedEncryption\":{\"kmsKeyName\":\"$key\"}}"
  replication="{\"userManaged\":{\"replicas\":[$replica]}}"
  note "replication.json: $replication"
  if_absent gcloud secrets create "$service-slack" --project="$project" \
    --replication-policy-file="$(replication_file)"
fi
patiently gcloud secrets add-iam-policy-binding "$service-slack" --project="$project" \
  --member="serviceAccount:$runtime" --role=roles/secretmanager.secretAccessor --condition=None --format=none

step 'The archive: objects can be added, none overwritten, and none deleted before its time'
look "$bucket" gcloud storage buckets list --project="$project" --format='value(name)'
if_absent gcloud storage buckets create "gs://$bucket" --project="$project" --location="$region" \
  --uniform-bucket-level-access --public-access-prevention --retention-period="${days}d" \
  ${key:+"--default-encryption-key=$key"}
if_present gcloud storage buckets update "gs://$bucket" \
  --uniform-bucket-level-access --public-access-prevention --retention-period="${days}d"
role geminiKeyAuditorArchive --project="$project"
patiently gcloud storage buckets add-iam-policy-binding "gs://$bucket" \
  --member="serviceAccount:$runtime" --role="projects/$project/roles/geminiKeyAuditorArchive" --format=none

if [ -n "$exports" ]; then
  step 'Exports of the inventory: files that each run deletes, and the bucket after a day'
  look "$exports" gcloud storage buckets list --project="$project" --format='value(name)'
  if_absent gcloud storage buckets create "gs://$exports" --project="$project" --location="$region" \
    --uniform-bucket-level-access --public-access-prevention --soft-delete-duration=0 \
    ${key:+"--default-encryption-key=$key"}
  run gcloud storage buckets update "gs://$exports" --lifecycle-file="$(in_file export-lifecycle.json)"
  asset_agent
  patiently gcloud storage buckets add-iam-policy-binding "gs://$exports" --role=roles/storage.objectAdmin \
    --member="$agent" --format=none
  role geminiKeyAuditorExportFiles --project="$project"
  patiently gcloud storage buckets add-iam-policy-binding "gs://$exports" \
    --member="serviceAccount:$runtime" --role="projects/$project/roles/geminiKeyAuditorExportFiles" --format=none
fi

step 'The log: a bucket of its own, what goes there, and nothing of it in _Default, which forgets after 30 days'
look "$service" gcloud logging buckets list --project="$project" --location="$region" --format='value(name.basename())'
if_absent gcloud logging buckets create "$service" --project="$project" --location="$region" \
  --retention-days="$days" --enable-analytics --description='Records of the Gemini key audit' \
  ${key:+"--cmek-kms-key-name=$key"}
if_present gcloud logging buckets update "$service" --project="$project" --location="$region" \
  --retention-days="$days"
records="log_id(\"$service\")"
destination="logging.googleapis.com/projects/$project/locations/$region/buckets/$service"
look "$service" gcloud logging sinks list --project="$project" --format='value(name)'
if_absent gcloud logging sinks create "$service" "$destination" --project="$project" --log-filter="$records"
if_present gcloud logging sinks update "$service" "$destination" --project="$project" --log-filter="$records"
look "$service" gcloud logging sinks describe _Default --project="$project" \
  '--flatten=exclusions[]' --format='value(exclusions.name)'
if_absent gcloud logging sinks update _Default --project="$project" --add-exclusion="name=$service,filter=$records"
if_present gcloud logging sinks update _Default --project="$project" --update-exclusion="name=$service,filter=$records"

step 'Alerts: silence, a failed run, an incomplete run, and the failed attempts of Cloud Scheduler'
metric "$service-runs" metrics/runs.yaml
metric "$service-attempts" metrics/attempts.yaml
alerts='silence failed-run incomplete-run failed-attempts'
if [ "$job" = yes ]; then alerts='failed-run incomplete-run failed-attempts'; fi
for name in $alerts; do alert "$name"; done
if [ "$job" = yes ]; then for name in silence failed-executions; do alert "$name" job-alerts; done; fi
if [ "$plan" = yes ] && [ "$service" != gemini-key-audit ]; then
  printf '%s\n' "# each of these files with $service in the place of gemini-key-audit, as this script sends them"
fi

if [ "$events" = yes ]; then
  step 'Single changes: an identity that writes records and posts, a topic for the feed, and the push to the function'
  feed="$service-feed@$domain" push="$service-push@$domain" topic="projects/$project/topics/$service-feed"
  run gcloud services enable --project="$project" pubsub.googleapis.com
  account "$service-feed" 'Gemini key audit: reports single changes'
  account "$service-push" 'Gemini key audit: pushes single changes'
  project_role "$feed" roles/logging.logWriter
  project_role "$feed" roles/serviceusage.serviceUsageConsumer
  patiently gcloud secrets add-iam-policy-binding "$service-slack" --project="$project" \
    --member="serviceAccount:$feed" --role=roles/secretmanager.secretAccessor --condition=None --format=none
  patiently gcloud storage buckets add-iam-policy-binding "gs://$bucket" \
    --member="serviceAccount:$feed" --role="projects/$project/roles/geminiKeyAuditorArchive" --format=none
  may_act_as "$build" "$feed"
  look "$service-feed" gcloud pubsub topics list --project="$project" --format='value(name.basename())'
  if_absent gcloud pubsub topics create "$service-feed" --project="$project" \
    --message-storage-policy-allowed-regions="$region" ${key:+"--topic-encryption-key=$key"}
  asset_agent
  patiently gcloud pubsub topics add-iam-policy-binding "$service-feed" --project="$project" \
    --member="$agent" --role=roles/pubsub.publisher --format=none
  look "$service-feed" gcloud run services list --project="$project" --region="$region" --format='value(metadata.name)'
  deployed="$found"
  if_present gcloud run services add-iam-policy-binding "$service-feed" --project="$project" --region="$region" \
    --member="serviceAccount:$push" --role=roles/run.invoker --format=none
  if [ "$deployed" = no ]; then
    note "$service-feed is not there yet: deploy it with _EVENTS=on, then run this script again, which connects it"
  else
    url=https://FEED_URL
    quoted gcloud run services describe "$service-feed" --project="$project" --region="$region" --format='value(status.url)'
    [ "$plan" = yes ] || url="$(gcloud run services describe "$service-feed" --project="$project" --region="$region" \
      --format='value(status.url)')"
    look "$service-feed" gcloud pubsub subscriptions list --project="$project" --format='value(name.basename())'
    # What nobody has taken within a day, the next run finds anyway.
    if_absent gcloud pubsub subscriptions create "$service-feed" --project="$project" --topic="$service-feed" \
      --push-endpoint="$url/$topic" --push-auth-service-account="$push" --push-auth-token-audience="$url" \
      --ack-deadline=180 --message-retention-duration=1d --expiration-period=never \
      --min-retry-delay=10s --max-retry-delay=600s
  fi
fi

if [ "$lock" = yes ]; then
  step 'Locks, for good: nobody, owners included, can delete or shorten what is kept'
  run gcloud logging buckets update "$service" --project="$project" --location="$region" --locked --quiet
  run gcloud storage buckets update "gs://$bucket" --lock-retention-period --quiet
fi

kind=services
if [ "$job" = yes ]; then kind='jobs'; fi
step "The schedule may start a run, as soon as that has been deployed"
look "$service" gcloud run "$kind" list --project="$project" --region="$region" --format='value(metadata.name)'
if_present gcloud run "$kind" add-iam-policy-binding "$service" --project="$project" --region="$region" \
  --member="serviceAccount:$scheduler" --role=roles/run.invoker --format=none

summary "$project"
if [ -z "$channels" ]; then
  note 'Warning: the alerts reach nobody and show in the console alone; --notification-channel changes that'
fi
if [ "$found" = no ]; then
  note "Next: add Slack's token, and let the audit read with organization.sh. Then deploy with cloudbuild.yaml; $service is" \
    'not there yet, and the end of its first build says the one command by which the schedule may start it.'
fi
