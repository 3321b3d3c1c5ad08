# The archive: objects can be added, none overwritten, and none deleted before its time.
resource "google_storage_bucket" "archive" {
  project                     = var.project
  name                        = local.archive_bucket
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false
  depends_on                  = [google_project_service.needed]

  retention_policy {
    retention_period = var.retention_days * 24 * 60 * 60
    is_locked        = var.lock
  }

  dynamic "encryption" {
    for_each = var.kms_key[*]
    content {
      default_kms_key_name = encryption.value
    }
  }
}

resource "google_storage_bucket_iam_member" "archive" {
  bucket = google_storage_bucket.archive.name
  role   = "projects/${var.project}/roles/${google_project_iam_custom_role.auditor["geminiKeyAuditorArchive"].role_id}"
  member = google_service_account.runtime.member
}

# Exports of the inventory: files that each run deletes, and the bucket after a day.
resource "google_storage_bucket" "exports" {
  count = var.export_bucket == null ? 0 : 1

  project                     = var.project
  name                        = var.export_bucket
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true
  depends_on                  = [google_project_service.needed]

  soft_delete_policy {
    retention_duration_seconds = 0
  }

  dynamic "lifecycle_rule" {
    for_each = jsondecode(file("${local.repository}/deploy/export-lifecycle.json")).rule
    content {
      action {
        type = lifecycle_rule.value.action.type
      }
      condition {
        age = lifecycle_rule.value.condition.age
      }
    }
  }

  dynamic "encryption" {
    for_each = var.kms_key[*]
    content {
      default_kms_key_name = encryption.value
    }
  }
}

# Cloud Asset Inventory writes them as an agent of this project, which has to be there:
# gcloud beta services identity create --service=cloudasset.googleapis.com --project=PROJECT
resource "google_storage_bucket_iam_member" "exporter" {
  count = var.export_bucket == null ? 0 : 1

  bucket = google_storage_bucket.exports[0].name
  role   = "roles/storage.objectAdmin"
  member = "serviceAccount:service-${google_storage_bucket.exports[0].project_number}@gcp-sa-cloudasset.iam.gserviceaccount.com"
}

resource "google_storage_bucket_iam_member" "export_files" {
  count = var.export_bucket == null ? 0 : 1

  bucket = google_storage_bucket.exports[0].name
  role   = "projects/${var.project}/roles/${google_project_iam_custom_role.auditor["geminiKeyAuditorExportFiles"].role_id}"
  member = google_service_account.runtime.member
}
