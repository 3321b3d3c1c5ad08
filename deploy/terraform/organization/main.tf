locals {
  member  = "serviceAccount:${coalesce(var.runtime_account, "${var.service}-run")}@${var.project}.iam.gserviceaccount.com"
  scopes  = split(",", coalesce(var.scope, "organizations/${var.organization}"))
  readers = concat(["geminiKeyAuditor"], var.export ? ["geminiKeyAuditorExport"] : [])
  writers = var.findings ? ["geminiKeyAuditorFindings"] : []
  feeders = var.events ? ["geminiKeyAuditorEvents"] : []
  roles   = toset(concat(local.readers, local.writers, local.feeders))

  feed_member = "serviceAccount:${coalesce(var.feed_account, "${var.service}-feed")}@${var.project}.iam.gserviceaccount.com"

  # the sources of findings are the organization's own
  pairs = concat(
    flatten([for role in local.readers : [for scope in local.scopes : { role = role, on = scope, member = local.member }]]),
    [for role in local.writers : { role = role, on = "organizations/${var.organization}", member = local.member }],
    flatten([for role in local.feeders : [for scope in local.scopes : { role = role, on = scope, member = local.feed_member }]]),
  )

  bindings = { for pair in local.pairs : "${pair.role} on ${pair.on}" => {
    role   = "organizations/${var.organization}/roles/${var.make_roles ? google_organization_iam_custom_role.auditor[pair.role].role_id : pair.role}"
    kind   = split("/", pair.on)[0]
    id     = split("/", pair.on)[1]
    member = pair.member
  } }
}

# What the calls of the auditor need, and nothing else: the files from which organization.sh makes the roles.
resource "google_organization_iam_custom_role" "auditor" {
  for_each = { for id in var.make_roles ? local.roles : [] : id => yamldecode(file("${path.module}/../../roles/${id}.yaml")) }

  org_id      = var.organization
  role_id     = each.key
  title       = each.value.title
  description = each.value.description
  stage       = each.value.stage
  permissions = each.value.includedPermissions
}

resource "google_organization_iam_member" "auditor" {
  for_each = { for name, binding in local.bindings : name => binding if binding.kind == "organizations" }

  org_id = each.value.id
  role   = each.value.role
  member = each.value.member
}

resource "google_folder_iam_member" "auditor" {
  for_each = { for name, binding in local.bindings : name => binding if binding.kind == "folders" }

  folder = "folders/${each.value.id}"
  role   = each.value.role
  member = each.value.member
}

resource "google_project_iam_member" "auditor" {
  for_each = { for name, binding in local.bindings : name => binding if binding.kind == "projects" }

  project = each.value.id
  role    = each.value.role
  member  = each.value.member
}
