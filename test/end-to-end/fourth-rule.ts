/** What the tree that it lies in makes of its rules, as JSON: the schema of the run record, a chart, a policy. */
import { recordSchemas } from '../../scripts/record-schemas.js'
import { parseDay } from '../../src/calendar.js'
import { parsePolicy } from '../../src/policy/file.js'
import { builtInPolicy } from '../../src/policy/policy.js'
import { byRule } from '../../src/policy/rules.js'
import { AS_PICTURE, chartSvg } from '../../src/report/chart/svg.js'

const [rule = '', text = ''] = process.argv.slice(2)

const runs = ['2026-11-21', '2026-11-22', '2026-11-23'].flatMap(parseDay).flatMap((day) => {
  const strictest = byRule(() => 4)
  return day === undefined ? [] : [{ day, strictest, complete: true }]
})
const [{ day: asOf } = { day: undefined }] = runs
if (asOf === undefined) throw new Error('no day to judge by')

const { deadlines } = builtInPolicy()
const policy = parsePolicy(text, 'policy.yaml', asOf)
process.stdout.write(
  JSON.stringify({
    schema: recordSchemas({ isOpen: false }).run.definitions,
    chart: chartSvg({ runs, deadlines }, AS_PICTURE)?.markup,
    moved: policy.overrides.filter((override) => override.deadline.rule === rule),
    exempt: policy.exemptions.flatMap(({ rules }) => rules),
  }),
)
