// npm run bench:memory: the peak of the process, with the heap that the deployment allows it: records of all keys
// and of the relevant ones, written to a log; without an archive, with an empty one, and with a run of the same
// size to compare with.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { deployedHeap } from './deployed-heap.js'
import { type Measured, measure, Simulator } from './processes.js'

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '100000' },
    projects: { type: 'string', default: '10000' },
    records: { type: 'string', default: 'relevant,all' },
    archive: { type: 'string', default: 'none,first,next' },
    heap: { type: 'string', default: deployedHeap() },
  },
})

const simulator = await Simulator.start({
  BENCH_WORLD: `generated:keys=${values.keys},projects=${values.projects}`,
})
const folder = mkdtempSync(join(tmpdir(), 'gemini-key-audit-memory-'))
const rows: Record<string, Measured | string> = {}
try {
  for (const records of values.records.split(',')) {
    for (const archive of values.archive.split(',')) {
      const name = `${records}, archive: ${archive}`
      rows[name] = await measure('audit.mjs', {
        NODE_OPTIONS: values.heap,
        BENCH_DIST: new URL('../dist/', import.meta.url).href,
        AUDIT_SCOPE: simulator.scope,
        GOOGLE_API_URL: simulator.origin,
        AUDIT_PACE: 'off',
        AUDIT_RECORDS: records,
        AUDIT_TIME_BUDGET: '60m',
        LOG_PROJECT: simulator.project,
        ...(archive !== 'none' && { AUDIT_ARCHIVE: join(folder, records) }),
      }).catch((error: unknown) => String(error))
      console.error(name, rows[name])
    }
  }
} finally {
  await simulator.stop()
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${values.keys} keys in ${values.projects} projects, NODE_OPTIONS=${values.heap}`)
console.table(rows)
console.log(
  `Again: npm run build && npm run bench:memory -- --keys ${values.keys} --projects ${values.projects} --records ${values.records} --archive ${values.archive} --heap='${values.heap}'`,
)
