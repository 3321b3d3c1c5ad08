// npm run bench: time and memory of an audit beside a bare loop over the same pages, in one run.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startSimulator } from '../src/simulator/simulator.js'
import { openWorld } from '../src/simulator/world/open.js'
import { type Measured, measure } from './measure.js'

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '20000' },
    projects: { type: 'string', default: '2000' },
    runs: { type: 'string', default: '3' },
    records: { type: 'string', default: 'relevant' },
  },
})

const world = await openWorld(`generated:keys=${values.keys},projects=${values.projects}`, new Date())
const urls: string[] = []
/** How often the audit asked each operation. */
const asked = new Map<string, number>()
const simulator = await startSimulator({
  world,
  gates: [
    async (call, next) => {
      urls.push(`${call.origin}${call.path}?${call.query}`)
      asked.set(call.operation, (asked.get(call.operation) ?? 0) + 1)
      return next()
    },
  ],
})
const folder = mkdtempSync(join(tmpdir(), 'gemini-key-audit-bench-'))
const pages = join(folder, 'urls.json')

try {
  const env = {
    AUDIT_SCOPE: `organizations/${world.organization.number}`,
    GOOGLE_API_URL: simulator.origin,
    AUDIT_PACE: 'off',
    AUDIT_RECORDS: values.records,
    URLS: pages,
  }
  const rows: { audit: Measured; bare: Measured }[] = []
  let kinds: readonly { operation: string; requests: number }[] = []
  for (let run = 0; run < Number(values.runs); run += 1) {
    urls.length = 0
    asked.clear()
    const audit = await measure('audit.ts', env)
    writeFileSync(pages, JSON.stringify(urls))
    kinds = [...asked].sort().map(([operation, requests]) => ({ operation, requests }))
    rows.push({ audit, bare: await measure('bare-loop.ts', env) })
  }
  report(rows, urls.length / 2)
  console.table(kinds)
} finally {
  await simulator.stop()
  rmSync(folder, { recursive: true })
}

function report(rows: readonly { audit: Measured; bare: Measured }[], requests: number): void {
  const median = (of: (row: { audit: Measured; bare: Measured }) => number) =>
    rows.map(of).sort((a, b) => a - b)[Math.floor(rows.length / 2)] ?? Number.NaN
  const ratio = (of: (measured: Measured) => number) =>
    median((row) => of(row.audit) / of(row.bare)).toFixed(2)
  console.log(
    `${values.keys} keys in ${values.projects} projects, ${requests} requests, --records ${values.records}`,
  )
  console.log(`Node ${process.version}, medians of ${rows.length} runs; the simulator runs beside them`)
  console.table({
    audit: { ms: median((row) => row.audit.milliseconds), 'peak MiB': median((row) => row.audit.peakMiB) },
    'bare loop': {
      ms: median((row) => row.bare.milliseconds),
      'peak MiB': median((row) => row.bare.peakMiB),
    },
    ratio: { ms: ratio((m) => m.milliseconds), 'peak MiB': ratio((m) => m.peakMiB) },
  })
  console.log(
    `Again: npm run bench -- --keys ${values.keys} --projects ${values.projects} --runs ${values.runs} --records ${values.records}`,
  )
}
