output "runtime_account" {
  description = "Email of the identity that the audit runs as: the other part lets it read the organization."
  value       = google_service_account.runtime.email
}

output "archive" {
  description = "AUDIT_ARCHIVE: where runs are remembered; empty: nowhere."
  value       = local.archive
}

output "log_bucket" {
  description = "Log bucket that keeps the records."
  value       = google_logging_project_bucket_config.records.id
}

output "slack_secret" {
  description = "Secret to which Slack's token is added by hand; null without Slack."
  value       = one(google_secret_manager_secret.slack[*].secret_id)
}

output "url" {
  description = "URL of function or service; null where cloudbuild.yaml deploys."
  value       = local.url
}
