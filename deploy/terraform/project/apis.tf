locals {
  # calls are charged to this project, and the audited projects need none of them
  apis = concat(
    [
      "cloudasset.googleapis.com",
      "apikeys.googleapis.com",
      "serviceusage.googleapis.com",
      "cloudresourcemanager.googleapis.com",
      "monitoring.googleapis.com",
      "orgpolicy.googleapis.com",
      "logging.googleapis.com",
      "storage.googleapis.com",
      "run.googleapis.com",
      "cloudbuild.googleapis.com",
      "artifactregistry.googleapis.com",
      "cloudscheduler.googleapis.com",
      "secretmanager.googleapis.com",
      "iam.googleapis.com",
    ],
    local.deploys_function ? ["cloudfunctions.googleapis.com"] : [],
    local.has_events ? ["pubsub.googleapis.com"] : [],
    var.scc == "" ? [] : ["securitycenter.googleapis.com"],
  )
}

resource "google_project_service" "needed" {
  for_each = toset(local.apis)

  project            = var.project
  service            = each.key
  disable_on_destroy = false # others may use it as well
}
