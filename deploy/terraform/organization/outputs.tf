output "member" {
  description = "The identity that may read now."
  value       = local.member
}

output "roles" {
  description = "Names of the roles that it has."
  value       = sort(distinct([for binding in local.bindings : binding.role]))
}
