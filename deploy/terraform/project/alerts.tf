locals {
  alert_files = concat(
    ["alerts/failed-run", "alerts/incomplete-run", "alerts/failed-attempts"],
    var.run_as == "job" ? ["job-alerts/silence", "job-alerts/failed-executions"] : ["alerts/silence"],
  )
  alerts = { for file in local.alert_files : basename(file) => yamldecode(replace(file("${local.repository}/deploy/${file}.yaml"), local.usual_name, var.service)) }
}

# Cloud Monitoring knows a metric up to 10 minutes after it was made, and refuses the policy until then: apply again.
resource "google_monitoring_alert_policy" "told" {
  for_each = local.alerts

  project               = var.project
  display_name          = each.value.displayName
  combiner              = each.value.combiner
  severity              = each.value.severity
  user_labels           = each.value.userLabels
  notification_channels = var.notification_channels
  depends_on            = [google_logging_metric.counted]

  dynamic "conditions" {
    for_each = each.value.conditions
    content {
      display_name = conditions.value.displayName

      condition_threshold {
        filter                  = conditions.value.conditionThreshold.filter
        comparison              = conditions.value.conditionThreshold.comparison
        threshold_value         = conditions.value.conditionThreshold.thresholdValue
        duration                = conditions.value.conditionThreshold.duration
        evaluation_missing_data = try(conditions.value.conditionThreshold.evaluationMissingData, null)

        dynamic "aggregations" {
          for_each = conditions.value.conditionThreshold.aggregations
          content {
            alignment_period     = aggregations.value.alignmentPeriod
            per_series_aligner   = aggregations.value.perSeriesAligner
            cross_series_reducer = aggregations.value.crossSeriesReducer
          }
        }

        trigger {
          count = conditions.value.conditionThreshold.trigger.count
        }
      }
    }
  }

  alert_strategy {
    auto_close = each.value.alertStrategy.autoClose
  }

  documentation {
    mime_type = each.value.documentation.mimeType
    content   = each.value.documentation.content
  }
}
