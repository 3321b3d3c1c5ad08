import assert from 'node:assert/strict'

/** What every finding must have by OCSF 1.5.0, as far as this program writes it: checked wherever there is no validator. */
// biome-ignore lint/suspicious/noExplicitAny: looks into whatever was written
export function assertFinding(finding: any): void {
  const { category_uid, class_uid, activity_id, type_uid, severity_id, status_id, time, metadata } = finding
  assert.deepEqual([category_uid, class_uid], [2, 2003])
  assert.ok([1, 2].includes(activity_id))
  assert.equal(type_uid, class_uid * 100 + activity_id)
  assert.ok([1, 2, 3, 4].includes(severity_id))
  assert.ok([1, 3].includes(status_id))
  assert.ok(Number.isSafeInteger(time) && time > Date.UTC(2020))
  assert.equal(metadata.version, '1.5.0')
  assert.match(metadata.uid, /^[0-9a-f]{64}$/)
  assert.ok(metadata.product.name && metadata.product.vendor_name)
  assert.equal(finding.cloud.provider, 'GCP') // required by the profile
  assert.ok(finding.finding_info.uid && finding.finding_info.title)
  assert.ok(finding.compliance.standards.length > 0 && finding.compliance.control)
  assert.ok([2, 3].includes(finding.compliance.status_id))
  assert.ok(finding.remediation.desc)
  for (const resource of finding.resources) assert.ok(resource.uid && resource.name && resource.type)
  assertWithoutNulls(finding)
}

function assertWithoutNulls(value: unknown): void {
  assert.notEqual(value, null)
  if (typeof value === 'object') for (const each of Object.values(value ?? {})) assertWithoutNulls(each)
}

/** The findings of a text, each of them checked. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was written
export function findingsIn(text: string): any[] {
  const findings = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
  for (const finding of findings) assertFinding(finding)
  return findings
}
