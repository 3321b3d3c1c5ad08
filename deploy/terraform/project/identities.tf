resource "google_service_account" "runtime" {
  project      = var.project
  account_id   = local.runtime_account
  display_name = "Gemini key audit: runs"
  depends_on   = [google_project_service.needed]
}

resource "google_service_account" "scheduler" {
  project      = var.project
  account_id   = local.scheduler_account
  display_name = "Gemini key audit: starts a run"
  depends_on   = [google_project_service.needed]
}

resource "google_service_account" "build" {
  project      = var.project
  account_id   = local.build_account
  display_name = "Gemini key audit: builds and deploys"
  depends_on   = [google_project_service.needed]
}

locals {
  # Roles of the project, each from the file from which setup.sh makes it.
  project_roles = merge(
    { for id in ["geminiKeyAuditorDoctor", "geminiKeyAuditorArchive"] : id => yamldecode(file("${local.repository}/deploy/roles/${id}.yaml")) },
    var.export_bucket == null ? {} : { geminiKeyAuditorExportFiles = yamldecode(file("${local.repository}/deploy/roles/geminiKeyAuditorExportFiles.yaml")) },
  )
}

resource "google_project_iam_custom_role" "auditor" {
  for_each = local.project_roles

  project     = var.project
  role_id     = each.key
  title       = each.value.title
  description = each.value.description
  stage       = each.value.stage
  permissions = each.value.includedPermissions
  depends_on  = [google_project_service.needed]
}

# The audit writes its log, its requests are charged to this project, and the doctor sees how long logs are kept.
resource "google_project_iam_member" "runtime" {
  for_each = {
    "roles/logging.logWriter"                 = "roles/logging.logWriter"
    "roles/serviceusage.serviceUsageConsumer" = "roles/serviceusage.serviceUsageConsumer"
    "geminiKeyAuditorDoctor"                  = "projects/${var.project}/roles/${google_project_iam_custom_role.auditor["geminiKeyAuditorDoctor"].role_id}"
  }

  project = var.project
  role    = each.value
  member  = google_service_account.runtime.member
}

locals {
  # Of Cloud Storage the build sees only the buckets in which sources are staged: Google's roles for building would let
  # it read and add objects anywhere in the project, the archive included.
  staged = (
    local.deploys_function
    ? ["gcf-v2-sources-", "${local.source_bucket}/"]
    : ["${var.project}_", "run-sources-${var.project}-"]
  )
  only_sources = join(" || ", concat(
    ["(resource.type != \"storage.googleapis.com/Bucket\" && resource.type != \"storage.googleapis.com/Object\")"],
    [for prefix in local.staged : "resource.name.startsWith(\"projects/_/buckets/${prefix}\")"],
  ))
}

# With a source archive the build only builds; what cloudbuild.yaml deploys needs more.
resource "google_project_iam_member" "build_of_sources" {
  for_each = toset(concat(["roles/run.builder"], local.is_scheduled ? [] : ["roles/run.sourceDeveloper"]))

  project = var.project
  role    = each.key
  member  = google_service_account.build.member

  condition {
    title      = "${var.service}-sources"
    expression = local.only_sources
  }
}

resource "google_project_iam_member" "build" {
  for_each = toset(local.is_scheduled ? [] : ["roles/serviceusage.serviceUsageConsumer", "roles/cloudscheduler.admin"])

  project = var.project
  role    = each.key
  member  = google_service_account.build.member
}

resource "google_service_account_iam_member" "build" {
  for_each = local.is_scheduled ? {} : {
    (local.runtime_account)   = "projects/${var.project}/serviceAccounts/${google_service_account.runtime.email}"
    (local.scheduler_account) = "projects/${var.project}/serviceAccounts/${google_service_account.scheduler.email}"
    (local.build_account)     = "projects/${var.project}/serviceAccounts/${google_service_account.build.email}"
  }

  service_account_id = each.value
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.build.member
}
