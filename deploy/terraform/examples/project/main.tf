module "key_audit" {
  source         = "../../project"
  project        = "acme-key-audit"
  scope          = "organizations/123456789012"
  slack_channel  = "C0123ABCD"
  source_archive = "key-audit.zip"
}
