locals {
  # the flags file that the build gives to gcloud
  schedule_file = local.deploys_job ? "scheduler-job.yaml" : "scheduler.yaml"
  schedule      = { for flag, value in yamldecode(file("${local.repository}/${local.schedule_file}")) : trimprefix(flag, "--") => value }
  url           = one(concat(google_cloudfunctions2_function.audit[*].service_config[0].uri, google_cloud_run_v2_service.audit[*].uri))
}

# The schedule may call the service, and nobody else.
resource "google_cloud_run_v2_service_iam_member" "scheduler" {
  count = local.deploys_function || local.deploys_service ? 1 : 0

  project  = var.project
  location = var.region
  name     = one(concat(google_cloudfunctions2_function.audit[*].name, google_cloud_run_v2_service.audit[*].name))
  role     = "roles/run.invoker"
  member   = google_service_account.scheduler.member
}

resource "google_cloud_run_v2_job_iam_member" "scheduler" {
  count = local.deploys_job ? 1 : 0

  project  = var.project
  location = var.region
  name     = google_cloud_run_v2_job.audit[0].name
  role     = "roles/run.invoker"
  member   = google_service_account.scheduler.member
}

resource "google_cloud_scheduler_job" "daily" {
  count = local.is_scheduled ? 1 : 0

  project          = var.project
  region           = var.region
  name             = var.service
  description      = local.schedule.description
  schedule         = local.schedule.schedule
  time_zone        = var.time_zone
  attempt_deadline = local.schedule.attempt-deadline
  depends_on       = [google_cloud_run_v2_service_iam_member.scheduler, google_cloud_run_v2_job_iam_member.scheduler]

  retry_config {
    retry_count          = local.schedule.max-retry-attempts
    min_backoff_duration = local.schedule.min-backoff
    max_backoff_duration = local.schedule.max-backoff
    max_doublings        = local.schedule.max-doublings
  }

  http_target {
    uri         = local.deploys_job ? "https://run.googleapis.com/v2/projects/${var.project}/locations/${var.region}/jobs/${google_cloud_run_v2_job.audit[0].name}:run" : local.url
    http_method = local.schedule.http-method

    dynamic "oidc_token" {
      for_each = local.deploys_job ? [] : [local.url]
      content {
        service_account_email = google_service_account.scheduler.email
        audience              = oidc_token.value
      }
    }

    dynamic "oauth_token" {
      for_each = local.deploys_job ? [google_service_account.scheduler.email] : []
      content {
        service_account_email = oauth_token.value
      }
    }
  }
}
