# The names and defaults of cloudbuild.yaml's substitutions (_SCOPE is scope) and of setup.sh's options. A test compares
# them. Where a name is made from `service`, the default is null.

variable "project" {
  description = "ID of the auditor's own project."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project is the ID of a project, such as acme-key-audit, neither its name nor its number."
  }
}

variable "scope" {
  description = "AUDIT_SCOPE, what is audited: organizations/NUMBER, folders/NUMBER or projects/ID, several with commas."
  type        = string
  validation {
    condition     = can(regex("^(organizations/[0-9]+|folders/[0-9]+|projects/[a-z0-9:.-]+)(,(organizations/[0-9]+|folders/[0-9]+|projects/[a-z0-9:.-]+))*$", var.scope))
    error_message = "scope holds organizations/NUMBER, folders/NUMBER or projects/ID, several with commas and without spaces."
  }
}

variable "source_archive" {
  description = "Path of a ZIP file of this repository (`git archive --format=zip`), from which the function is built. null: no function."
  type        = string
  default     = null
  validation {
    condition     = var.source_archive == null || var.image == null
    error_message = "Give source_archive for a function, or image for a container, not both. With neither, cloudbuild.yaml deploys."
  }
  validation {
    condition     = var.source_archive == null || try(fileexists(var.source_archive), false)
    error_message = "There is no file at source_archive. Make it: git archive --format=zip --output=key-audit.zip HEAD"
  }
}

variable "image" {
  description = "Container image made from the Dockerfile, by digest: REGISTRY/NAME@sha256:…. null: no container."
  type        = string
  default     = null
  validation {
    condition     = var.image == null || can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image names a digest, …@sha256:…, so that what runs is what was reviewed."
  }
}

variable "run_as" {
  description = "service, or job: a Cloud Run job from the image, for readings of more than 30 minutes (then time_budget = \"23h\")."
  type        = string
  default     = "service"
  validation {
    condition     = contains(["service", "job"], var.run_as)
    error_message = "run_as is service or job."
  }
  validation {
    condition     = var.run_as != "job" || var.source_archive == null
    error_message = "A job runs a container: give image instead of source_archive."
  }
}

variable "service" {
  description = "Name of the service and of the schedule; everything else is named after it, and so is the log (LOG_NAME)."
  type        = string
  default     = "gemini-key-audit"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,22}[a-z0-9]$", var.service))
    error_message = "service has 2 to 24 lower-case letters, digits and hyphens, a letter first: with -build it names an account."
  }
}

variable "region" {
  description = "Where service, schedule, secret, log and archive live."
  type        = string
  default     = "europe-west1"
  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is one region, such as europe-west1."
  }
}

variable "name" {
  description = "AUDIT_NAME; empty: made from the scope."
  type        = string
  default     = ""
}

variable "policy" {
  description = "AUDIT_POLICY, gs://BUCKET/OBJECT; empty: the built-in policy. Letting the audit read it is up to you."
  type        = string
  default     = ""
  validation {
    condition     = var.policy == "" || can(regex("^gs://[^/]+/.+$", var.policy))
    error_message = "policy is gs://BUCKET/OBJECT, or empty."
  }
}

variable "archive" {
  description = "AUDIT_ARCHIVE, gs://BUCKET/PREFIX; empty: the bucket that this module makes; none: nothing is remembered."
  type        = string
  default     = ""
  validation {
    condition     = contains(["", "none"], var.archive) || startswith(var.archive, "gs://")
    error_message = "archive is gs://BUCKET/PREFIX, empty, or none."
  }
}

variable "inventory" {
  description = "AUDIT_INVENTORY: auto, assets, projects or export."
  type        = string
  default     = "auto"
  validation {
    condition     = contains(["auto", "assets", "projects", "export"], var.inventory)
    error_message = "inventory is auto, assets, projects or export."
  }
}

variable "export" {
  description = "AUDIT_EXPORT, gs://BUCKET/PREFIX; only with inventory = \"export\"."
  type        = string
  default     = ""
  validation {
    condition     = (var.export != "") == (var.inventory == "export")
    error_message = "export, gs://BUCKET/PREFIX, and inventory = \"export\" go together."
  }
}

variable "ocsf" {
  description = "AUDIT_OCSF, gs://BUCKET/PREFIX outside of the archive; empty: no findings are written as OCSF."
  type        = string
  default     = ""
  validation {
    condition     = var.ocsf == "" || startswith(var.ocsf, "gs://")
    error_message = "ocsf is gs://BUCKET/PREFIX, or empty."
  }
}

variable "scc" {
  description = "AUDIT_SCC, organizations/N/sources/M; empty: no finding is written to Security Command Center."
  type        = string
  default     = ""
  validation {
    condition     = var.scc == "" || can(regex("^organizations/[0-9]+/sources/[0-9]+$", var.scc))
    error_message = "scc is organizations/NUMBER/sources/NUMBER, or empty."
  }
}

variable "records" {
  description = "AUDIT_RECORDS: all or relevant."
  type        = string
  default     = "all"
  validation {
    condition     = contains(["all", "relevant"], var.records)
    error_message = "records is all or relevant."
  }
}

variable "time_zone" {
  description = "IANA zone of the schedule and, as AUDIT_TIME_ZONE, of the day by which keys are judged."
  type        = string
  default     = "UTC"
}

variable "pace" {
  description = "AUDIT_PACE, percent of each quota that a run may use."
  type        = string
  default     = "90"
  validation {
    condition     = can(regex("^([1-9][0-9]?|100)$", var.pace))
    error_message = "pace is a number from 1 to 100."
  }
}

variable "time_budget" {
  description = "AUDIT_TIME_BUDGET; a request is ended after 30 minutes, a job after 24 hours."
  type        = string
  default     = "25m"
}

variable "slack_channel" {
  description = "SLACK_CHANNEL, an ID such as C0123ABCD. Needed unless slack_secret is empty."
  type        = string
  default     = ""
  validation {
    condition     = var.slack_channel == "" ? var.slack_secret == "" : can(regex("^[CGD][A-Z0-9]{2,}$", var.slack_channel))
    error_message = "slack_channel is the ID of a channel, such as C0123ABCD. Without Slack set slack_secret to \"\"."
  }
}

variable "slack_secret" {
  description = "Secret Manager secret for SLACK_BOT_TOKEN, made without a value (null: SERVICE-slack); empty: no Slack."
  type        = string
  default     = null
}

variable "slack_secret_version" {
  description = "Version of the secret: a fixed one, so that a rotation is a deployment and a rollback takes it along."
  type        = string
  default     = "1"
  validation {
    condition     = can(regex("^[1-9][0-9]*$", var.slack_secret_version))
    error_message = "slack_secret_version is a number: latest would change what runs without a deployment."
  }
}

variable "events" {
  description = "on: also the function keyChanged, which reports single changes at once (docs/events.md); the other part feeds it."
  type        = string
  default     = "off"
  validation {
    condition     = contains(["on", "off"], var.events)
    error_message = "events is on or off."
  }
}

variable "event_window" {
  description = "AUDIT_EVENT_WINDOW, for how long keyChanged gathers changes into one message."
  type        = string
  default     = "10s"
}

variable "feed_account" {
  description = "Service account that keyChanged runs as (null: SERVICE-feed)."
  type        = string
  default     = null
}

variable "runtime_account" {
  description = "Service account that the audit runs as (null: SERVICE-run)."
  type        = string
  default     = null
}

variable "scheduler_account" {
  description = "Service account that may start a run, and nothing else (null: SERVICE-cron)."
  type        = string
  default     = null
}

variable "build_account" {
  description = "Service account that builds (null: SERVICE-build)."
  type        = string
  default     = null
}

variable "ingress" {
  description = "Who reaches the service: internal (Cloud Scheduler of this project), internal-and-cloud-load-balancing, or all."
  type        = string
  default     = "internal"
  validation {
    condition     = contains(["internal", "internal-and-cloud-load-balancing", "all"], var.ingress)
    error_message = "ingress is internal, internal-and-cloud-load-balancing or all."
  }
}

variable "node_options" {
  description = "NODE_OPTIONS: heap in MiB, of the container's 512; records, archive and files lie outside of the heap."
  type        = string
  default     = "--max-old-space-size=184 --max-semi-space-size=8"
}

variable "notification_channels" {
  description = "Who hears that the auditor is silent: projects/ID/notificationChannels/NUMBER. Without any, alerts show in the console alone."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for name in var.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", name))])
    error_message = "Each of notification_channels is projects/ID/notificationChannels/NUMBER."
  }
}

variable "archive_bucket" {
  description = "Bucket that remembers runs (null: PROJECT-SERVICE)."
  type        = string
  default     = null
}

variable "export_bucket" {
  description = "Bucket for inventory = \"export\", which only very large organizations need (null: none)."
  type        = string
  default     = null
}

variable "retention_days" {
  description = "How long log and archive keep, 400 to 3650 days."
  type        = number
  default     = 400
  validation {
    condition     = var.retention_days >= 400 && var.retention_days <= 3650 && floor(var.retention_days) == var.retention_days
    error_message = "retention_days is from 400 to 3650."
  }
}

variable "lock" {
  description = "Nobody can delete or shorten log and archive any more, for good."
  type        = bool
  default     = false
}

variable "kms_key" {
  description = "Cloud KMS key of the region for buckets, log and secret, projects/P/locations/R/keyRings/K/cryptoKeys/NAME (null: Google's keys)."
  type        = string
  default     = null
  validation {
    condition     = var.kms_key == null || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key))
    error_message = "kms_key is projects/PROJECT/locations/REGION/keyRings/RING/cryptoKeys/NAME."
  }
}
