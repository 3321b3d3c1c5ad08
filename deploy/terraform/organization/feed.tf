# What happens to keys, and to the Gemini API, goes to the topic that the other part makes.
locals {
  fed             = var.events ? toset(local.scopes) : toset([])
  fed_types       = ["apikeys.googleapis.com/Key", "serviceusage.googleapis.com/Service"]
  fed_topic       = "projects/${var.project}/topics/${var.service}-feed"
  fed_title       = "Keys and the Gemini API"
  fed_expressions = ["temporal_asset.asset.name.startsWith(\"//apikeys.googleapis.com/\")", "temporal_asset.asset.name.endsWith(\"/services/generativelanguage.googleapis.com\")"]
}

resource "google_cloud_asset_organization_feed" "changes" {
  for_each = toset([for scope in local.fed : split("/", scope)[1] if startswith(scope, "organizations/")])

  billing_project = var.project
  org_id          = each.key
  feed_id         = var.service
  content_type    = "RESOURCE"
  asset_types     = local.fed_types

  feed_output_config {
    pubsub_destination {
      topic = local.fed_topic
    }
  }

  condition {
    title      = local.fed_title
    expression = join(" || ", local.fed_expressions)
  }
}

resource "google_cloud_asset_folder_feed" "changes" {
  for_each = toset([for scope in local.fed : split("/", scope)[1] if startswith(scope, "folders/")])

  billing_project = var.project
  folder          = each.key
  feed_id         = var.service
  content_type    = "RESOURCE"
  asset_types     = local.fed_types

  feed_output_config {
    pubsub_destination {
      topic = local.fed_topic
    }
  }

  condition {
    title      = local.fed_title
    expression = join(" || ", local.fed_expressions)
  }
}

resource "google_cloud_asset_project_feed" "changes" {
  for_each = toset([for scope in local.fed : split("/", scope)[1] if startswith(scope, "projects/")])

  billing_project = var.project
  project         = each.key
  feed_id         = var.service
  content_type    = "RESOURCE"
  asset_types     = local.fed_types

  feed_output_config {
    pubsub_destination {
      topic = local.fed_topic
    }
  }

  condition {
    title      = local.fed_title
    expression = join(" || ", local.fed_expressions)
  }
}
