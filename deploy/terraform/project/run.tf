locals {
  timeout_seconds = 1800 # Cloud Scheduler waits no longer
  memory          = "512Mi"
  cpu             = "1"
}

# Sources of the function; each archive has a name of its own, so that another one is another deployment.
resource "google_storage_bucket" "source" {
  count = local.deploys_function ? 1 : 0

  project                     = var.project
  name                        = local.source_bucket
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true
  depends_on                  = [google_project_service.needed]

  dynamic "encryption" {
    for_each = var.kms_key[*]
    content {
      default_kms_key_name = encryption.value
    }
  }
}

resource "google_storage_bucket_object" "source" {
  count = local.deploys_function ? 1 : 0

  bucket = google_storage_bucket.source[0].name
  name   = "${filesha256(var.source_archive)}.zip"
  source = var.source_archive
}

resource "google_cloudfunctions2_function" "audit" {
  count = local.deploys_function ? 1 : 0

  project     = var.project
  name        = var.service
  location    = var.region
  description = "Daily audit of Google API keys against the Gemini API's move to auth keys"
  depends_on = [
    google_project_iam_member.runtime,
    google_secret_manager_secret_iam_member.runtime,
    google_storage_bucket_iam_member.archive,
    google_project_iam_member.build_of_sources,
  ]

  build_config {
    runtime               = "nodejs24"
    entry_point           = "audit"
    service_account       = "projects/${var.project}/serviceAccounts/${google_service_account.build.email}"
    environment_variables = { NPM_CONFIG_IGNORE_SCRIPTS = "true" } # nothing that is installed runs a script of its own

    source {
      storage_source {
        bucket = google_storage_bucket.source[0].name
        object = google_storage_bucket_object.source[0].name
      }
    }
  }

  service_config {
    service_account_email            = google_service_account.runtime.email
    timeout_seconds                  = local.timeout_seconds
    available_memory                 = local.memory
    available_cpu                    = local.cpu
    max_instance_count               = 1
    max_instance_request_concurrency = 1
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

resource "google_cloud_run_v2_service" "audit" {
  count = local.deploys_service ? 1 : 0

  project             = var.project
  name                = var.service
  location            = var.region
  description         = "Daily audit of Google API keys against the Gemini API's move to auth keys"
  deletion_protection = false
  ingress = {
    internal                          = "INGRESS_TRAFFIC_INTERNAL_ONLY"
    internal-and-cloud-load-balancing = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
    all                               = "INGRESS_TRAFFIC_ALL"
  }[var.ingress]
  depends_on = [
    google_project_iam_member.runtime,
    google_secret_manager_secret_iam_member.runtime,
    google_storage_bucket_iam_member.archive,
  ]

  template {
    service_account                  = google_service_account.runtime.email
    timeout                          = "${local.timeout_seconds}s"
    max_instance_request_concurrency = 1

    scaling {
      max_instance_count = 1
    }

    containers {
      image = var.image

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

resource "google_cloud_run_v2_job" "audit" {
  count = local.deploys_job ? 1 : 0

  project             = var.project
  name                = var.service
  location            = var.region
  deletion_protection = false
  depends_on = [
    google_project_iam_member.runtime,
    google_secret_manager_secret_iam_member.runtime,
    google_storage_bucket_iam_member.archive,
  ]

  template {
    task_count = 1

    template {
      service_account = google_service_account.runtime.email
      timeout         = "86400s"
      max_retries     = 2 # attempts at the same run: CLOUD_RUN_TASK_ATTEMPT

      containers {
        image = var.image
        args  = ["dist/cli.js", "audit", "--deliver", "--quiet"]

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
}
