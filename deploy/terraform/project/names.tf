locals {
  repository = "${path.module}/../../.." # what scripts and module share is read from where the scripts have it
  usual_name = "gemini-key-audit"        # in the files of deploy/, which setup.sh renames as well

  runtime_account   = coalesce(var.runtime_account, "${var.service}-run")
  scheduler_account = coalesce(var.scheduler_account, "${var.service}-cron")
  build_account     = coalesce(var.build_account, "${var.service}-build")
  feed_account      = coalesce(var.feed_account, "${var.service}-feed")
  archive_bucket    = coalesce(var.archive_bucket, "${var.project}-${var.service}")
  source_bucket     = "${var.project}-${var.service}-source"
  archive           = var.archive == "" ? "gs://${local.archive_bucket}" : var.archive == "none" ? "" : var.archive

  has_slack    = var.slack_secret != ""
  slack_secret = var.slack_secret == null ? "${var.service}-slack" : var.slack_secret

  deploys_function = var.source_archive != null
  deploys_service  = var.image != null && var.run_as == "service"
  deploys_job      = var.image != null && var.run_as == "job"
  has_events       = var.events == "on"
  deploys_feed     = local.has_events && (local.deploys_function || var.image != null)
  is_scheduled     = local.deploys_function || local.deploys_service || local.deploys_job

  environment = merge(
    {
      AUDIT_SCOPE        = var.scope
      AUDIT_NAME         = var.name
      AUDIT_POLICY       = var.policy
      AUDIT_ARCHIVE      = local.archive
      AUDIT_INVENTORY    = var.inventory
      AUDIT_EXPORT       = var.export
      AUDIT_OCSF         = var.ocsf
      AUDIT_SCC          = var.scc
      AUDIT_RECORDS      = var.records
      AUDIT_TIME_ZONE    = var.time_zone
      AUDIT_PACE         = var.pace
      AUDIT_TIME_BUDGET  = var.time_budget
      AUDIT_EVENT_WINDOW = var.event_window
      LOG_PROJECT        = var.project
      LOG_NAME           = var.service
      NODE_ENV           = "production" # the framework's own errors carry no stack then
      NODE_OPTIONS       = var.node_options
    },
    local.has_slack ? { SLACK_CHANNEL = var.slack_channel } : {},
  )
}
