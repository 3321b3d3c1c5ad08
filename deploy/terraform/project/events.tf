# Single changes, reported at once: the asset inventory's feed, which the other part makes, publishes to a topic, and that
# pushes to a function with an identity of its own.
resource "google_service_account" "feed" {
  count = local.has_events ? 1 : 0

  project      = var.project
  account_id   = local.feed_account
  display_name = "Gemini key audit: reports single changes"
  depends_on   = [google_project_service.needed]
}

resource "google_service_account" "push" {
  count = local.has_events ? 1 : 0

  project      = var.project
  account_id   = "${var.service}-push"
  display_name = "Gemini key audit: pushes single changes"
  depends_on   = [google_project_service.needed]
}

resource "google_project_iam_member" "feed" {
  for_each = toset(local.has_events ? ["roles/logging.logWriter", "roles/serviceusage.serviceUsageConsumer"] : [])

  project = var.project
  role    = each.key
  member  = google_service_account.feed[0].member
}

resource "google_secret_manager_secret_iam_member" "feed" {
  count = local.has_events && local.has_slack ? 1 : 0

  project   = var.project
  secret_id = google_secret_manager_secret.slack[0].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.feed[0].member
}

resource "google_storage_bucket_iam_member" "feed" {
  count = local.has_events ? 1 : 0

  bucket = google_storage_bucket.archive.name
  role   = "projects/${var.project}/roles/${google_project_iam_custom_role.auditor["geminiKeyAuditorArchive"].role_id}"
  member = google_service_account.feed[0].member
}

resource "google_service_account_iam_member" "build_feed" {
  count = local.has_events && !local.is_scheduled ? 1 : 0

  service_account_id = "projects/${var.project}/serviceAccounts/${google_service_account.feed[0].email}"
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.build.member
}

resource "google_pubsub_topic" "feed" {
  count = local.has_events ? 1 : 0

  project      = var.project
  name         = "${var.service}-feed"
  kms_key_name = var.kms_key
  depends_on   = [google_project_service.needed]

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }
}

# Cloud Asset Inventory publishes as an agent of this project, which has to be there:
# gcloud beta services identity create --service=cloudasset.googleapis.com --project=PROJECT
resource "google_pubsub_topic_iam_member" "feed" {
  count = local.has_events ? 1 : 0

  project = var.project
  topic   = google_pubsub_topic.feed[0].name
  role    = "roles/pubsub.publisher"
  member  = "serviceAccount:service-${google_storage_bucket.archive.project_number}@gcp-sa-cloudasset.iam.gserviceaccount.com"
}

locals {
  feed_seconds     = 180
  feed_concurrency = 80 # a request is one change; one instance, so that what comes together is one message
  feed_url         = one(concat(google_cloudfunctions2_function.feed[*].service_config[0].uri, google_cloud_run_v2_service.feed[*].uri))
}

resource "google_cloudfunctions2_function" "feed" {
  count = local.has_events && local.deploys_function ? 1 : 0

  project     = var.project
  name        = "${var.service}-feed"
  location    = var.region
  description = "Reports single changes of Google API keys as they happen"
  depends_on = [
    google_project_iam_member.feed,
    google_secret_manager_secret_iam_member.feed,
    google_storage_bucket_iam_member.feed,
    google_project_iam_member.build_of_sources,
  ]

  build_config {
    runtime               = "nodejs24"
    entry_point           = "keyChanged"
    service_account       = "projects/${var.project}/serviceAccounts/${google_service_account.build.email}"
    environment_variables = { NPM_CONFIG_IGNORE_SCRIPTS = "true" }

    source {
      storage_source {
        bucket = google_storage_bucket.source[0].name
        object = google_storage_bucket_object.source[0].name
      }
    }
  }

  service_config {
    service_account_email            = google_service_account.feed[0].email
    timeout_seconds                  = local.feed_seconds
    available_memory                 = local.memory
    available_cpu                    = local.cpu
    max_instance_count               = 1
    max_instance_request_concurrency = local.feed_concurrency
    environment_variables            = local.environment
    ingress_settings = {
      internal                          = "ALLOW_INTERNAL_ONLY"
      internal-and-cloud-load-balancing = "ALLOW_INTERNAL_AND_GCLB"
      all                               = "ALLOW_ALL"
    }[var.ingress]

    dynamic "secret_environment_variables" {
      for_each = google_secret_manager_secret.slack
      content {
        key        = "SLACK_BOT_TOKEN"
        project_id = var.project
        secret     = secret_environment_variables.value.secret_id
        version    = var.slack_secret_version
      }
    }
  }
}

resource "google_cloud_run_v2_service" "feed" {
  count = local.has_events && var.image != null ? 1 : 0

  project             = var.project
  name                = "${var.service}-feed"
  location            = var.region
  description         = "Reports single changes of Google API keys as they happen"
  deletion_protection = false
  ingress = {
    internal                          = "INGRESS_TRAFFIC_INTERNAL_ONLY"
    internal-and-cloud-load-balancing = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
    all                               = "INGRESS_TRAFFIC_ALL"
  }[var.ingress]
  depends_on = [
    google_project_iam_member.feed,
    google_secret_manager_secret_iam_member.feed,
    google_storage_bucket_iam_member.feed,
  ]

  template {
    service_account                  = google_service_account.feed[0].email
    timeout                          = "${local.feed_seconds}s"
    max_instance_request_concurrency = local.feed_concurrency

    scaling {
      max_instance_count = 1
    }

    containers {
      image = var.image
      args  = ["node_modules/@google-cloud/functions-framework/build/src/main.js", "--target=keyChanged"]

      resources {
        limits = { cpu = local.cpu, memory = local.memory }
      }

      dynamic "env" {
        for_each = local.environment
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = google_secret_manager_secret.slack
        content {
          name = "SLACK_BOT_TOKEN"
          value_source {
            secret_key_ref {
              secret  = env.value.secret_id
              version = var.slack_secret_version
            }
          }
        }
      }
    }
  }
}

# The subscription may call the function, and nobody else.
resource "google_cloud_run_v2_service_iam_member" "push" {
  count = local.deploys_feed ? 1 : 0

  project  = var.project
  location = var.region
  name     = one(concat(google_cloudfunctions2_function.feed[*].name, google_cloud_run_v2_service.feed[*].name))
  role     = "roles/run.invoker"
  member   = google_service_account.push[0].member
}

# What nobody has taken within a day, the next run finds anyway.
resource "google_pubsub_subscription" "feed" {
  count = local.deploys_feed ? 1 : 0

  project                    = var.project
  name                       = "${var.service}-feed"
  topic                      = google_pubsub_topic.feed[0].id
  ack_deadline_seconds       = local.feed_seconds
  message_retention_duration = "86400s"
  depends_on                 = [google_cloud_run_v2_service_iam_member.push]

  push_config {
    push_endpoint = "${local.feed_url}/projects/${var.project}/topics/${var.service}-feed"

    oidc_token {
      service_account_email = google_service_account.push[0].email
      audience              = local.feed_url
    }
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  expiration_policy {
    ttl = "" # never
  }
}
