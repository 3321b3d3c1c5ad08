import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { canonical, sha256 } from '../../src/records/canonical.js'
import { main } from '../program.js'
import { Text } from '../text.js'
import { delivered, runAt, worldOf } from './remembered.js'
import { onStage } from './stage.js'

const RUNS = ['2026-11-21T07:00:00Z', '2026-11-22T07:00:00Z', '2026-11-23T07:00:00Z'] as const
const [FIRST, MIDDLE, NEWEST] = RUNS
const KEYS =
  '[{id: one, uid: uid-one, name: One, created: 400d ago}, {id: two, name: Two, created: 400d ago}]'

/** What an auditor may hold besides the archive. */
type Witness = 'the archive itself' | 'the head from Slack' | 'the records of the log' | 'the report'

interface Case {
  /** The archive's directory. */
  readonly archive: string
  readonly folder: (run: string) => string
  /** The digest that Slack showed of the newest run. */
  readonly head: string
  /** An export of the log, and a report that was kept. */
  readonly log: string
  readonly report: string
}

async function verified({ archive, head, log, report }: Case, witness: Witness) {
  const flags: Readonly<Record<Witness, readonly string[]>> = {
    'the archive itself': [],
    'the head from Slack': ['--head', head.slice(0, 12)],
    'the records of the log': ['--records', log],
    'the report': ['--report', report],
  }
  const [out, err] = [new Text(), new Text()]
  const args = ['verify', '--archive', archive, '--all', '--expect-every', '25h', ...flags[witness]]
  const now = () => new Date('2026-11-23T08:00:00Z')
  const status = await main(args, { out, err, env: {}, now })
  return { status, said: out.text + err.text }
}

const WITNESSES: readonly Witness[] = [
  'the archive itself',
  'the head from Slack',
  'the records of the log',
  'the report',
]

type Json = Record<string, unknown> & { record: Record<string, unknown> }

/** The manifest as one writes it who knows how: with a digest that fits. */
async function forge(file: string, change: (manifest: Json) => void): Promise<void> {
  const { sha256: _sha256, ...manifest } = JSON.parse(await readFile(file, 'utf8'))
  change(manifest)
  await writeFile(file, `${canonical({ ...manifest, sha256: sha256(canonical(manifest)) })}\n`)
}

const manifestOf = ({ folder }: Case, run: string) => join(folder(run), 'manifest.json')

async function digestOf(file: string): Promise<string> {
  return sha256(canonical(JSON.parse(await readFile(file, 'utf8')).record))
}

async function recordsOf(one: Case, run: string): Promise<string> {
  return join(one.folder(run), JSON.parse(await readFile(manifestOf(one, run), 'utf8')).records.name)
}

async function put(file: string, content: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
}

/** Everything of a run made anew by one who knows how: its record, its links, its claims. */
async function rewrite(one: Case, run: string, change: (record: Json['record']) => void): Promise<void> {
  const file = manifestOf(one, run)
  const before = await digestOf(file)
  await forge(file, ({ record }) => change(record))
  const claims = join(one.folder(run), 'claims')
  await rename(join(claims, before), join(claims, await digestOf(file)))
}

const clean = (record: Json['record']) => {
  record['outcome'] = 'complete'
  record['judgedAt'] = '2026-11-23T07:00:01Z'
}

const FOREIGN = { at: '2026-11-23T07:00:00Z', holder: 'mallory' }

async function claimsIn({ folder }: Case, run: string): Promise<string> {
  const claims = join(folder(run), 'claims')
  const [digest = ''] = await readdir(claims)
  return join(claims, digest)
}

/** What is done to the archive, which witnesses find it, and what the first of them says. */
const TAMPERINGS: readonly (readonly [
  string,
  (one: Case) => Promise<unknown>,
  readonly Witness[],
  RegExp,
])[] = [
  // what the right to add objects is enough for
  [
    'a manifest of a newer format between two runs',
    (one) => put(join(one.folder('2026-11-22T12:00:00Z'), 'manifest.json'), '{"format":2}'),
    WITNESSES,
    /Does not belong: .*2026-11-22T12-00-00Z\/manifest.json/,
  ],
  [
    'a manifest that is no JSON between two runs',
    (one) => put(join(one.folder('2026-11-22T12:00:00Z'), 'manifest.json'), 'x'),
    WITNESSES,
    /it is no JSON object/,
  ],
  [
    'a run in the year 9999',
    (one) => put(join(one.folder('9999-12-31T23:59:59Z'), 'manifest.json'), '{"format":2}'),
    WITNESSES,
    /9999-12-31T23-59-59Z\/: its run lies in the future/,
  ],
  [
    'an empty folder of a run an hour ahead',
    (one) => put(join(one.folder('2026-11-23T09:00:00Z'), 'x'), 'x'),
    WITNESSES,
    /2026-11-23T09-00-00Z\/: its run lies in the future/,
  ],
  [
    'a second manifest in the folder of a run',
    async (one) => cp(manifestOf(one, NEWEST), join(one.folder(NEWEST), 'manifest-2.json')),
    WITNESSES,
    /Does not belong: .*manifest-2.json/,
  ],
  [
    'marks that name no run record',
    (one) => put(join(one.folder(NEWEST), 'claims/slack-C0456-1.done'), FOREIGN),
    WITNESSES,
    /it is nothing that this program writes/,
  ],
  [
    'a mark before the run that it is about',
    (one) => put(join(one.folder('2026-11-23T07:30:00Z'), 'claims/slack-C0456-1.done'), FOREIGN),
    WITNESSES,
    /its run is not remembered/,
  ],
  [
    'a claim that is none',
    async (one) => put(join(await claimsIn(one, NEWEST), 'slack-C0456-2'), 'x'),
    WITNESSES,
    /slack-C0456-2: it is no claim or mark/,
  ],
  [
    'a mark without a claim',
    async (one) => put(join(await claimsIn(one, NEWEST), 'slack-C0999-1.done'), FOREIGN),
    WITNESSES,
    /slack-C0999-1.done: it is not by the holder of its claim/,
  ],
  [
    'a claim on another run record',
    (one) => put(join(one.folder(NEWEST), `claims/${'ab'.repeat(32)}/slack-C0456-1`), FOREIGN),
    WITNESSES,
    /it is about another run record/,
  ],
  [
    'a claim with a number beyond all bounds',
    async (one) => put(join(await claimsIn(one, NEWEST), 'slack-C0456-99999999999'), FOREIGN),
    WITNESSES,
    /it is nothing that this program writes/,
  ],
  [
    'a report under another name',
    (one) => put(join(one.folder(NEWEST), 'summary.html'), 'all clear'),
    WITNESSES,
    /summary.html: it is nothing/,
  ],
  [
    'an object beside the runs',
    (one) => put(join(one.archive, 'small', 'note.txt'), 'x'),
    WITNESSES,
    /note.txt: it lies in no folder of a run/,
  ],
  [
    'a run with all its own digests, inserted between two runs',
    async (one) => {
      const file = join(one.folder('2026-11-22T12:00:00Z'), 'manifest.json')
      await cp(one.folder(MIDDLE), one.folder('2026-11-22T12:00:00Z'), { recursive: true })
      await forge(file, (manifest) => {
        const times = {
          run: '2026-11-22T12:00:00Z',
          startedAt: '2026-11-22T12:00:00Z',
          judgedAt: '2026-11-22T12:00:00Z',
        }
        Object.assign(manifest, { run: times.run })
        Object.assign(manifest.record, times)
      })
    },
    WITNESSES,
    /The run 2026-11-23T07:00:00Z does not link to the run 2026-11-22T12:00:00Z/,
  ],
  // what takes the right to change or delete
  [
    'the first run deleted',
    (one) => rm(one.folder(FIRST), { recursive: true }),
    WITNESSES,
    /links to the run 2026-11-21T07:00:00Z, which is missing/,
  ],
  [
    'a run in the middle deleted',
    (one) => rm(one.folder(MIDDLE), { recursive: true }),
    WITNESSES,
    /links to the run 2026-11-22T07:00:00Z, which is missing/,
  ],
  [
    'a manifest in the middle deleted',
    (one) => unlink(manifestOf(one, MIDDLE)),
    WITNESSES,
    /its run is not remembered/,
  ],
  [
    'the records of a run deleted',
    async (one) => unlink(await recordsOf(one, MIDDLE)),
    WITNESSES,
    /ndjson.gz: it is missing/,
  ],
  [
    'a byte of records changed',
    async (one) => {
      const file = await recordsOf(one, NEWEST)
      const bytes = await readFile(file)
      bytes[bytes.length - 9] = (bytes.at(-9) ?? 0) ^ 1
      await writeFile(file, bytes)
    },
    WITNESSES,
    /its digest is not that of its manifest/,
  ],
  [
    'records exchanged, with the digest in their manifest',
    async (one) => {
      const file = await recordsOf(one, NEWEST)
      const lines = gunzipSync(await readFile(file))
        .toString()
        .replaceAll('"verdict":"overdue"', '"verdict":"compliant"')
      const bytes = gzipSync(lines)
      await writeFile(file, bytes)
      const { createHash } = await import('node:crypto')
      const digest = createHash('sha256').update(bytes).digest('hex')
      await forge(manifestOf(one, NEWEST), ({ records }) =>
        Object.assign(records as object, { sha256: digest }),
      )
    },
    WITNESSES,
    /The records of the run 2026-11-23T07:00:00Z are not those of its run record/,
  ],
  [
    'a manifest changed without its digest',
    async (one) => {
      const file = manifestOf(one, MIDDLE)
      await writeFile(file, (await readFile(file, 'utf8')).replace('"keys":2', '"keys":1'))
    },
    WITNESSES,
    /its digest is not that of its content/,
  ],
  [
    'two runs that have changed places',
    async (one) => {
      await rename(one.folder(FIRST), `${one.archive}/aside`)
      await rename(one.folder(MIDDLE), one.folder(FIRST))
      await rename(`${one.archive}/aside`, one.folder(MIDDLE))
    },
    WITNESSES,
    /it is the manifest of small 2026-11-22T07:00:00Z/,
  ],
  [
    'a run in the middle rewritten with all its digests',
    (one) => rewrite(one, MIDDLE, clean),
    WITNESSES,
    /links to a run record of 2026-11-22T07:00:00Z with the digest/,
  ],
  [
    'a link forged to pass over a run',
    async (one) => {
      const sha = await digestOf(manifestOf(one, FIRST))
      await rewrite(one, NEWEST, (record) => Object.assign(record, { previous: { run: FIRST, sha256: sha } }))
    },
    WITNESSES,
    /does not link to the run 2026-11-22T07:00:00Z before it/,
  ],
  [
    'a run backdated by a day',
    async (one) => {
      await rewrite(one, NEWEST, (record) =>
        Object.assign(record, { startedAt: '2026-11-24T07:00:00Z', judgedAt: '2026-11-24T07:00:00Z' }),
      )
    },
    WITNESSES,
    /began only 24 hours after its time: it is backdated/,
  ],
  [
    'a run that began before its time',
    (one) => rewrite(one, NEWEST, (record) => Object.assign(record, { startedAt: '2026-11-23T03:00:00Z' })),
    WITNESSES,
    /its run began before its own time/,
  ],
  [
    'the newest run record rewritten, but not its claims',
    (one) => forge(manifestOf(one, NEWEST), ({ record }) => clean(record)),
    WITNESSES,
    /it is about another run record/,
  ],
  // what the archive cannot show by itself: its newest run has no successor
  [
    'the newest run rewritten with all its digests and claims',
    (one) => rewrite(one, NEWEST, clean),
    ['the head from Slack', 'the records of the log', 'the report'],
    /no whole run of the archive has a run record whose SHA-256 begins with/,
  ],
  [
    'the newest run deleted',
    (one) => rm(one.folder(NEWEST), { recursive: true }),
    ['the head from Slack', 'the records of the log', 'the report'],
    /no whole run of the archive/,
  ],
  [
    'the archive rolled back to its first run',
    async (one) => {
      await rm(one.folder(MIDDLE), { recursive: true })
      await rm(one.folder(NEWEST), { recursive: true })
    },
    WITNESSES,
    /From the run 2026-11-21T07:00:00Z to now there is no run for 49 hours/,
  ],
  [
    'the report of the newest run exchanged',
    async (one) => {
      const page = await readFile(one.report, 'utf8')
      await writeFile(one.report, page.replace(/(class="data">.{40})./, '$1A'))
    },
    ['the report'],
    /its (data cannot be unpacked|digest is not that of its data)/,
  ],
]

describe('tampering with an archive', () => {
  let root = ''
  let whole: Case

  const caseIn = (directory: string, head: string): Case => ({
    archive: join(directory, 'archive'),
    folder: (run) => join(directory, 'archive', 'small', 'runs', run.replaceAll(':', '-')),
    head,
    log: join(directory, 'log.ndjson'),
    report: join(directory, 'report.html'),
  })

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'tampering-'))
    const origin = join(root, 'whole')
    await mkdir(origin)
    let clock = new Date(FIRST)
    await onStage(
      worldOf(KEYS),
      async ({ simulator, env }) => {
        let head = ''
        for (const run of RUNS) {
          clock = new Date(run)
          const settings = { ...env, AUDIT_ARCHIVE: join(origin, 'archive'), AUDIT_NAME: 'small' }
          head = sha256(canonical(delivered(await runAt(run, settings)).record))
        }
        whole = caseIn(origin, head)
        const entries = simulator.logEntries().map((entry) => `${JSON.stringify(entry)}\n`)
        await writeFile(whole.log, entries.join(''))
        await cp(join(whole.folder(NEWEST), 'report.html'), whole.report)
      },
      { now: () => clock },
    )
  })
  after(() => rm(root, { recursive: true }))

  async function onCopy(use: (one: Case) => Promise<void>): Promise<void> {
    const directory = join(root, 'copy')
    await cp(join(root, 'whole'), directory, { recursive: true })
    try {
      await use(caseIn(directory, whole.head))
    } finally {
      await rm(directory, { recursive: true })
    }
  }

  for (const witness of WITNESSES) {
    it(`is not found by ${witness} where there is none`, async () => {
      const { status, said } = await verified(whole, witness)
      assert.equal(status, 0, said)
      assert.match(said, new RegExp(`Head: ${whole.head} \\(run ${NEWEST}\\)`))
    })
  }

  it('is tried in 30 ways and more', () => assert.ok(TAMPERINGS.length >= 30, `${TAMPERINGS.length}`))

  for (const [what, tamper, witnesses, message] of TAMPERINGS) {
    it(`is found by ${witnesses.length === WITNESSES.length ? 'the archive itself' : witnesses.join(', ')}: ${what}`, async () => {
      await onCopy(async (one) => {
        await tamper(one)
        const found: Witness[] = []
        const all: string[] = []
        for (const witness of WITNESSES) {
          const { status, said } = await verified(one, witness)
          all.push(said)
          if (status === 3) found.push(witness)
          else assert.equal(status, 0, said)
        }
        assert.deepEqual(found, witnesses, all.join('\n'))
        assert.match(all.join('\n'), message)
      })
    })
  }
})
