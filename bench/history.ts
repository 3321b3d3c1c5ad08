// npm run bench:history: how long questions about a year of daily runs take, and in how much memory. One run is
// made by the program; the others repeat it on other days, in the form in which the archive keeps them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { addDays, dayOf } from '../src/calendar.js'
import { RunArchive } from '../src/history/archive.js'
import { DirectoryStore } from '../src/history/directory-store.js'
import { type Manifest, manifestBytes } from '../src/history/manifest.js'
import { manifestNames, recordsName, runFolder } from '../src/history/names.js'
import { lineText, Packing } from '../src/history/packed-lines.js'
import { createFrom } from '../src/history/pieces.js'
import type { Instant } from '../src/model.js'
import { canonical, sha256 } from '../src/records/canonical.js'
import { type Measured, measure, Simulator } from './processes.js'

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '2000' },
    projects: { type: 'string', default: '2000' },
    days: { type: 'string', default: '365' },
  },
})
const DIST = new URL('../dist/', import.meta.url).href
const folder = mkdtempSync(join(tmpdir(), 'gemini-key-audit-history-'))

/** Makes one run with an archive, and resolves to what it remembers. */
async function oneRun(): Promise<Manifest> {
  const simulator = await Simulator.start({
    BENCH_WORLD: `generated:keys=${values.keys},projects=${values.projects}`,
  })
  try {
    await measure('audit.mjs', {
      BENCH_DIST: DIST,
      AUDIT_SCOPE: simulator.scope,
      GOOGLE_API_URL: simulator.origin,
      AUDIT_PACE: 'off',
      AUDIT_ARCHIVE: folder,
      LOG_PROJECT: simulator.project,
    })
  } finally {
    await simulator.stop()
  }
  const [audit = ''] = await archive.audits()
  const [run] = await archive.runs(audit)
  const manifest = run && (await archive.manifest(audit, run))
  if (manifest === undefined) throw new Error('the run was not remembered')
  return manifest
}

/** The same run so many days earlier. */
async function repeat(manifest: Manifest, texts: readonly string[], days: number): Promise<void> {
  const day = addDays(dayOf(manifest.run, 'UTC'), -days)
  const moved = (moment: Instant) => `${day}${moment.slice(10)}` as Instant
  const { record } = manifest
  const earlier = {
    ...record,
    ...{ run: moved(record.run), reading: moved(record.reading), asOf: day },
    ...{ startedAt: moved(record.startedAt), judgedAt: moved(record.judgedAt) },
  }
  const into = runFolder(manifest.audit, earlier.run)
  const digest = sha256(canonical(earlier))
  const name = recordsName(digest)
  const lines = texts.map((text) => text.replaceAll(record.run, earlier.run))
  const packing = new Packing(
    { audit: manifest.audit, run: earlier.run },
    (async function* () {
      yield* lines
    })(),
  )
  await createFrom(archive.store, into + name, packing.content())
  const records = { name, ...packing.packed }
  await archive.store.create(
    `${into}${manifestNames(digest)[0]}`,
    manifestBytes({ ...manifest, run: earlier.run, record: earlier, records }),
  )
}

async function textsOf(manifest: Manifest): Promise<readonly string[]> {
  const texts: string[] = []
  for await (const line of archive.lines(manifest)) {
    texts.push(
      'record' in line ? lineText(canonical(line.record), line.logged, line.known) : JSON.stringify(line),
    )
  }
  return texts
}

const archive = new RunArchive(new DirectoryStore(folder))
const rows: Record<string, Measured> = {}
try {
  const manifest = await oneRun()
  const texts = await textsOf(manifest)
  for (let days = 1; days < Number(values.days); days += 1) await repeat(manifest, texts, days)
  const since = addDays(dayOf(manifest.run, 'UTC'), -Number(values.days))
  const questions: Readonly<Record<string, readonly string[]>> = {
    everything: [],
    'one project': ['--project', '1'],
    'as JSON': ['--format', 'json'],
  }
  for (const [name, more] of Object.entries(questions)) {
    const asked = ['history', '--archive', folder, '--since', since, ...more]
    rows[name] = await measure('history.mjs', { BENCH_DIST: DIST, BENCH_QUESTION: JSON.stringify(asked) })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${values.days} daily runs of ${values.keys} keys in ${values.projects} projects`)
console.table(rows)
console.log(
  `Again: npm run build && npm run bench:history -- --keys ${values.keys} --projects ${values.projects} --days ${values.days}`,
)
