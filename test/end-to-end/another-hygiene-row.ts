/** What the tree that it lies in makes of its rows of hygiene, as JSON: schemas, the table for readers, a policy. */
import { recordSchemas } from '../../scripts/record-schemas.js'
import { verdictTables } from '../../scripts/verdict-tables.js'
import { parseDay } from '../../src/calendar.js'
import { parsePolicy } from '../../src/policy/file.js'

const [text = ''] = process.argv.slice(2)
const asOf = parseDay('2026-11-23')
if (asOf === undefined) throw new Error('no day to judge by')

const { key, run } = recordSchemas({ isOpen: false })
process.stdout.write(
  JSON.stringify({
    schema: { key: key.definitions, run: run.definitions },
    table: verdictTables()['hygiene'],
    exempt: parsePolicy(text, 'policy.yaml', asOf).exemptions.flatMap(({ rules }) => rules),
  }),
)
