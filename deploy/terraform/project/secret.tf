# Slack's token: a secret that the audit alone may read. Its value comes by hand, so that no state holds it.
resource "google_secret_manager_secret" "slack" {
  count = local.has_slack ? 1 : 0

  project    = var.project
  secret_id  = local.slack_secret
  depends_on = [google_project_service.needed]

  replication {
    user_managed {
      replicas {
        location = var.region

        dynamic "customer_managed_encryption" {
          for_each = var.kms_key[*]
          content {
            kms_key_name = customer_managed_encryption.value
          }
        }
      }
    }
  }
}

resource "google_secret_manager_secret_iam_member" "runtime" {
  count = local.has_slack ? 1 : 0

  project   = var.project
  secret_id = google_secret_manager_secret.slack[0].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.runtime.member
}
