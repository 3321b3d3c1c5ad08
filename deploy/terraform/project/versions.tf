terraform {
  required_version = ">= 1.9.0, < 2.0.0" # a validation that looks at another variable came with 1.9

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.45.0, < 8.0.0"
    }
  }
}
