/** What the tree that it lies in makes of its requests to Google, as JSON: uncovered ones, the role, the doctor's table. */
import { doctorTables } from '../../scripts/doctor-tables.js'
import { roleFiles } from '../../scripts/roles.js'
import type { Check } from '../../src/doctor/check.js'
import { CHECKS } from '../../src/doctor/checks.js'
import { CALLS } from '../../src/google/calls.js'

const covered = new Set<string>(Object.values<Check>(CHECKS).flatMap(({ covers }) => covers))
process.stdout.write(
  JSON.stringify({
    uncovered: Object.keys(CALLS).filter((name) => !covered.has(name)),
    role: roleFiles()['deploy/roles/geminiKeyAuditor.yaml'],
    doctor: Object.values(doctorTables()).join('\n'),
  }),
)
