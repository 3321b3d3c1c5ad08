// npm run bench: time and memory of the compiled program beside the least that has to be done for the same
// pages, in one run. Each of them, and the simulator, is a process of its own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { asSent } from './asked.js'
import { floors } from './floor.js'
import { type Measured, measure, Simulator } from './processes.js'
import { asked, paced, unpaced } from './report.js'

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '20000' },
    projects: { type: 'string', default: '2000' },
    world: { type: 'string', default: '' },
    runs: { type: 'string', default: '3' },
    records: { type: 'string', default: 'relevant' },
    quotas: { type: 'boolean', default: false },
    pace: { type: 'string', default: '90' },
    minute: { type: 'string', default: '20' },
    latency: { type: 'string', default: '100' },
    dist: { type: 'string', default: new URL('../dist/', import.meta.url).href },
  },
})

const world = `generated:keys=${values.keys},projects=${values.projects}${values.world && `,${values.world}`}`
const minute = Number(values.minute) * 1000
const folder = mkdtempSync(join(tmpdir(), 'gemini-key-audit-bench-'))
const files = { asked: join(folder, 'asked.json'), entries: join(folder, 'entries.json') }
const simulator = await Simulator.start({
  BENCH_WORLD: world,
  ...(values.quotas && { BENCH_LATENCY: values.latency, BENCH_QUOTA_MINUTE: String(minute) }),
})
const env = {
  AUDIT_SCOPE: simulator.scope,
  GOOGLE_API_URL: simulator.origin,
  AUDIT_RECORDS: values.records,
  AUDIT_TIME_BUDGET: '60m',
  LOG_PROJECT: values.records === 'all' ? simulator.project : 'none',
  BENCH_DIST: values.dist,
}

try {
  console.log(`${world}, --records ${values.records}, Node ${process.version}`)
  await (values.quotas ? againstQuotas() : againstBare())
  console.log(`Again: npm run bench -- ${again()}`)
} finally {
  await simulator.stop()
  rmSync(folder, { recursive: true })
}

/** Without quotas and latency: beside a bare loop, and where records are written one that writes as many. */
async function againstBare(): Promise<void> {
  const free = { ...env, AUDIT_PACE: 'off' }
  await measure('audit.mjs', free) // the simulator makes its answers
  const rows: Record<string, Measured>[] = []
  for (let run = 0; run < Number(values.runs); run += 1) {
    simulator.forget()
    const audit = await measure('audit.mjs', free)
    const seen = await simulator.asked()
    if (run === 0) asked(seen)
    writeFileSync(files.asked, JSON.stringify(seen.urls))
    const bare = await measure('bare-loop.mjs', { BENCH_ASKED: files.asked })
    if (values.records !== 'all') rows.push({ audit, bare })
    else {
      writeFileSync(files.entries, JSON.stringify({ ...asSent(seen), ...simulator }))
      const bareAndLogging = { BENCH_ASKED: files.asked, BENCH_ENTRIES: files.entries }
      rows.push({ audit, bare, 'bare + logging': await measure('bare-loop.mjs', bareAndLogging) })
    }
  }
  unpaced(rows)
}

/** With quotas and latency: beside what these allow at best. */
async function againstQuotas(): Promise<void> {
  const run = { ...env, AUDIT_PACE: values.pace, BENCH_MINUTE: String(minute) }
  const audit = await measure('audit.mjs', run)
  const seen = await simulator.asked()
  asked(seen)
  const latency = Number(values.latency)
  const best = (pace: number) => floors(seen, pace, minute, latency)
  paced(audit, { pace: values.pace, minute, atPace: best(Number(values.pace)), atMost: best(100) })
}

function again(): string {
  return Object.entries(values)
    .filter(([name, value]) => name !== 'dist' && value !== '' && value !== false)
    .map(([name, value]) => (value === true ? `--${name}` : `--${name} ${value}`))
    .join(' ')
}
