locals {
  records = "log_id(\"${var.service}\")"
  metrics = { for name in ["runs", "attempts"] : "${var.service}-${name}" => yamldecode(replace(file("${local.repository}/deploy/metrics/${name}.yaml"), local.usual_name, var.service)) }
}

# A bucket of its own, what goes there, and nothing of it in _Default, which forgets after 30 days.
resource "google_logging_project_bucket_config" "records" {
  project          = var.project
  location         = var.region
  bucket_id        = var.service
  description      = "Records of the Gemini key audit"
  retention_days   = var.retention_days
  enable_analytics = true
  locked           = var.lock
  depends_on       = [google_project_service.needed]

  dynamic "cmek_settings" {
    for_each = var.kms_key[*]
    content {
      kms_key_name = cmek_settings.value
    }
  }
}

resource "google_logging_project_sink" "records" {
  project                = var.project
  name                   = var.service
  destination            = "logging.googleapis.com/projects/${var.project}/locations/${var.region}/buckets/${google_logging_project_bucket_config.records.bucket_id}"
  filter                 = local.records
  unique_writer_identity = true
}

# An exclusion of the project is one of its sink _Default.
resource "google_logging_project_exclusion" "records" {
  project    = var.project
  name       = var.service
  filter     = local.records
  depends_on = [google_logging_project_sink.records]
}

resource "google_logging_metric" "counted" {
  for_each = local.metrics

  project          = var.project
  name             = each.key
  description      = each.value.description
  filter           = each.value.filter
  label_extractors = try(each.value.labelExtractors, null)
  depends_on       = [google_project_service.needed]

  metric_descriptor {
    metric_kind = each.value.metricDescriptor.metricKind
    value_type  = each.value.metricDescriptor.valueType
    unit        = each.value.metricDescriptor.unit

    dynamic "labels" {
      for_each = try(each.value.metricDescriptor.labels, [])
      content {
        key         = labels.value.key
        value_type  = labels.value.valueType
        description = labels.value.description
      }
    }
  }
}
