# The names and defaults of organization.sh's options. A test compares them.

variable "organization" {
  description = "Number of the organization, where the role lives."
  type        = string
  validation {
    condition     = can(regex("^[0-9]+$", var.organization))
    error_message = "organization is a number, without organizations/ before it: gcloud organizations list shows it."
  }
}

variable "project" {
  description = "ID of the auditor's own project, where the other part has made its identity."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project is the ID of a project, such as acme-key-audit, neither its name nor its number."
  }
}

variable "scope" {
  description = "What of this organization is audited, several with commas (null: organizations/NUMBER, all of it)."
  type        = string
  default     = null
  validation {
    condition     = var.scope == null || can(regex("^(organizations/[0-9]+|folders/[0-9]+|projects/[a-z0-9:.-]+)(,(organizations/[0-9]+|folders/[0-9]+|projects/[a-z0-9:.-]+))*$", var.scope))
    error_message = "scope holds organizations/NUMBER, folders/NUMBER or projects/ID, several with commas and without spaces."
  }
}

variable "service" {
  description = "Name of the service, after which its identity is named."
  type        = string
  default     = "gemini-key-audit"
}

variable "runtime_account" {
  description = "Service account that the audit runs as (null: SERVICE-run)."
  type        = string
  default     = null
}

variable "export" {
  description = "May export the inventory as well (AUDIT_INVENTORY=export)."
  type        = bool
  default     = false
}

variable "findings" {
  description = "May also write findings to Security Command Center (AUDIT_SCC)."
  type        = bool
  default     = false
}

variable "events" {
  description = "Feeds the function keyChanged, which may read single projects (events = \"on\" of the other part)."
  type        = bool
  default     = false
}

variable "feed_account" {
  description = "Service account that keyChanged runs as (null: SERVICE-feed)."
  type        = string
  default     = null
}

variable "make_roles" {
  description = "Make the roles. false: they are there already, for another auditor of the same organization."
  type        = bool
  default     = true
}
