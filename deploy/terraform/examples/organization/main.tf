module "key_audit" {
  source       = "../../organization"
  organization = "123456789012"
  project      = "acme-key-audit"
}
