import { RunArchive } from '../history/archive.js'
import type { Manifest } from '../history/manifest.js'
import { unexpected } from '../records/gap-record.js'
import { unreadText } from '../report/gap-words.js'
import { counted } from '../report/wording.js'
import type { CallName, Check, Findings, Site } from './check.js'
import { type Outcome, outcomeOf, troubled, untried, works } from './trial.js'

/**
 * Beside the folders of the audits, and no folder itself; no `*.ndjson` either, which those who read OCSF fetch. A bucket
 * with retention keeps it: it is written once.
 */
const PROBE = 'doctor.txt'
const CONTENT = Buffer.from('Written once by gemini-key-audit doctor, which reads it again each time.\n')
const OTHER = Buffer.from('This must never stand here: nothing in an archive is overwritten.\n')

type Archive = NonNullable<Site['archive']>

function onArchive(
  check: Pick<Check, 'call' | 'needs'> & Partial<Pick<Check, 'otherwise'>>,
  covers: readonly CallName[],
  attempt: (archive: Archive, found: Findings) => Promise<Outcome>,
): Check {
  return {
    otherwise: 'The run fails.',
    ...check,
    covers,
    actor: 'google',
    isNeeded: ({ archive }) => archive !== undefined,
    try: async ({ archive }, found) => {
      if (archive === undefined) return []
      return [{ on: archive.store.name, outcome: await outcomeOf(() => attempt(archive, found)) }]
    },
  }
}

export const archiveWrites = onArchive(
  { call: 'archive: write', needs: 'Remembers each run before it is posted.' },
  ['createObject'],
  async ({ store }) => {
    const isNew = await store.create(PROBE, CONTENT)
    return works(isNew ? `wrote ${PROBE}` : `${PROBE} stands there from an earlier time`)
  },
)

export const archiveReads = onArchive(
  { call: 'archive: read', needs: 'Compares with the run before, and completes a run that broke off.' },
  ['readObject'],
  async ({ store }) => {
    const there = await store.read(PROBE)
    if (there === undefined) return untried(`${PROBE} is not there`)
    if (there.equals(CONTENT)) return works(`read ${PROBE}`)
    return troubled('fails', `${PROBE} does not hold what was written`, changed('AUDIT_ARCHIVE'))
  },
)

function changed(setting: 'AUDIT_ARCHIVE' | 'AUDIT_OCSF') {
  return { say: `find out who can change objects there, or name another place with ${setting}` }
}

export const archiveLists = onArchive(
  { call: 'archive: list', needs: 'Finds the earlier runs.' },
  ['listObjects'],
  async ({ store, audit }, found) => {
    const archive = new RunArchive(store)
    const runs = await archive.runs(audit)
    const record = (await newestOf(archive, audit))?.record
    if (record !== undefined) {
      found.remembered = { projects: record.coverage.projects, keys: record.counts.keys }
    }
    return works(`${counted(runs.length, 'run')} of ${audit}`)
  },
)

/** What a run could not read, the next one will not read either unless what keeps it from that is gone. */
export const archiveGaps = onArchive(
  {
    call: 'archive: last run',
    needs: 'Shows what the newest run could not read: rights are tried on single projects only.',
    otherwise: 'A run has these gaps again unless what made them is gone.',
  },
  [],
  async ({ store, audit }) => {
    const archive = new RunArchive(store)
    const manifest = await newestOf(archive, audit)
    if (manifest === undefined) return works('no run is remembered')
    const gaps = isWithoutGaps(manifest) ? [] : unexpected(await archive.gaps(manifest))
    const [first] = gaps
    if (first === undefined) return works(`the run of ${manifest.run} had no gaps`)
    const says = `the run of ${manifest.run} could not read ${unreadText(gaps)}`
    const [advice, ...others] = first.advice ?? []
    return troubled('warning', says, others.length === 0 && advice ? advice : { say: first.fix })
  },
)

async function newestOf(archive: RunArchive, audit: string): Promise<Manifest | undefined> {
  const newest = (await archive.runs(audit)).at(-1)
  return newest === undefined ? undefined : archive.manifest(audit, newest)
}

function isWithoutGaps({ record: { coverage } }: Manifest): boolean {
  return Object.values(coverage.gaps).every((count) => count === 0)
}

export const archiveKeeps = onArchive(
  { call: 'archive: refuse to overwrite', needs: 'What is remembered stays as it was.' },
  ['createObject'],
  async ({ store }) => {
    if ((await store.read(PROBE)) === undefined) return untried(`${PROBE} is not there`)
    const isOverwritten = await store.create(PROBE, OTHER)
    const there = await store.read(PROBE)
    if (!isOverwritten && there !== undefined && !there.equals(OTHER)) return works('refused')
    return troubled('fails', `${PROBE} was overwritten`, changed('AUDIT_ARCHIVE'))
  },
)

/** Whether findings can be written where AUDIT_OCSF says, and compared with what an earlier attempt wrote. */
export const ocsfWrites: Check = {
  call: 'OCSF: write and read',
  actor: 'google',
  covers: ['createObject', 'readObject'],
  needs: 'Writes the findings as OCSF, an object a run, with AUDIT_OCSF.',
  otherwise: 'The run’s delivery fails: the function answers 500. Everything else is delivered.',
  isNeeded: ({ ocsf }) => ocsf !== undefined,
  try: async ({ ocsf }) => {
    if (ocsf === undefined) return []
    const outcome = await outcomeOf(async () => {
      const isNew = await ocsf.create(PROBE, CONTENT)
      const there = await ocsf.read(PROBE)
      if (there === undefined) return untried(`${PROBE} is not there`)
      if (!there.equals(CONTENT))
        return troubled('fails', `${PROBE} does not hold what was written`, changed('AUDIT_OCSF'))
      return works(isNew ? `wrote ${PROBE}` : `${PROBE} stands there from an earlier time`)
    })
    return [{ on: ocsf.name, outcome }]
  },
}
