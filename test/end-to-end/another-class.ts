/** What the tree that it lies in makes of its classes of traffic, as JSON: a key's traffic, the record's schema, the table. */
import { recordSchemas } from '../../scripts/record-schemas.js'
import { verdictTables } from '../../scripts/verdict-tables.js'
import type { Day, Instant, KnownUsage } from '../../src/model.js'
import { trafficFacts } from '../../src/policy/traffic-facts.js'

/** Of a key of which more calls are refused than get through. */
const usage: KnownUsage = {
  since: '2026-10-14' as Day,
  gemini: { accepted: 1, refused: 5, failed: 0, failedCodes: {} },
  services: [],
  daily: [{ day: '2026-11-24' as Day, accepted: 1, refused: 5, failed: 0, codes: { '200': 1, '403': 5 } }],
}
const read = { readAt: '2026-11-25T06:00:00Z' as Instant }
const evidence = {
  key: { from: 'assets', ...read },
  type: { from: 'assets', ...read },
  services: { from: 'assets', ...read },
} as const

const { definitions } = recordSchemas({ isOpen: false }).key
process.stdout.write(
  JSON.stringify({
    partly: trafficFacts({ usage, evidence }),
    schema: definitions,
    table: verdictTables()['traffic-classes'],
  }),
)
