"""Puts each line of standard input to Prowler's models of OCSF, and prints how many they take."""

import sys

from py_ocsf_models import OCSF_VERSION
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

taken = 0
for line in sys.stdin:
    finding = ComplianceFinding.model_validate_json(line)
    if finding.metadata.version != OCSF_VERSION:
        sys.exit(f"OCSF {finding.metadata.version} is not {OCSF_VERSION}, which the models have")
    taken += 1
print(taken)
