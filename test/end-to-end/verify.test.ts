import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Simulator } from '../../simulator/simulator.js'
import { canonical, sha256 } from '../../src/records/canonical.js'
import { main } from '../program.js'
import { Text } from '../text.js'
import { delivered, inDirectory, runAt, worldOf } from './remembered.js'
import { NOW, onStage } from './stage.js'

const RUNS = ['2026-11-21T07:00:00Z', '2026-11-22T07:00:00Z', '2026-11-23T07:00:00Z'] as const
const KEYS =
  '[{id: one, uid: uid-one, name: One, created: 400d ago}, {id: two, name: Two, created: 400d ago}]'

const command = (...args: string[]) => commandAt(NOW, ...args)

async function commandAt(now: Date, ...args: string[]) {
  const [out, err] = [new Text(), new Text()]
  const status = await main(args, { out, err, env: {}, now: () => now })
  return { status, out: out.text, err: err.text }
}

interface Kept {
  readonly archive: string
  /** What the runs wrote to Cloud Logging. */
  readonly entries: ReturnType<Simulator['logEntries']>
  readonly folder: (run: string) => string
  readonly change: (file: string, change: (bytes: Buffer) => Buffer) => Promise<void>
  readonly records: (run: string) => Promise<string>
}

type Original = Pick<Kept, 'archive' | 'entries'>
let original: Promise<Original> | undefined

/** Three days of runs, made once: each test gets a copy. */
async function makeOriginal(): Promise<Original> {
  const archive = await mkdtemp(join(tmpdir(), 'audits-'))
  let entries: Kept['entries'] = []
  let clock = NOW
  const stage = (work: Parameters<typeof onStage>[1]) => onStage(worldOf(KEYS), work, { now: () => clock })
  await stage(async ({ simulator, env }) => {
    for (const run of RUNS) {
      clock = new Date(run)
      delivered(await runAt(run, { ...env, AUDIT_ARCHIVE: archive, AUDIT_NAME: 'small' }))
    }
    entries = simulator.logEntries()
  })
  return { archive, entries }
}

after(async () => {
  if (original) await rm((await original).archive, { recursive: true })
})

/** Three days of runs in a directory. */
async function onArchive(use: (kept: Kept) => Promise<void>): Promise<void> {
  original ??= makeOriginal()
  const { archive: from, entries } = await original
  await inDirectory(async (archive) => {
    await cp(from, archive, { recursive: true })
    const folder = (run: string) => join(archive, 'small', 'runs', run.replaceAll(':', '-'))
    await use({
      archive,
      entries,
      folder,
      change: async (file, change) => writeFile(file, change(await readFile(file))),
      records: async (run) => {
        const manifest = JSON.parse(await readFile(join(folder(run), 'manifest.json'), 'utf8'))
        return join(folder(run), manifest.records.name)
      },
    })
  })
}

const flipped = (at: number) => (bytes: Buffer) => {
  const changed = Buffer.from(bytes)
  changed[at < 0 ? bytes.length + at : at] = (changed[at < 0 ? bytes.length + at : at] ?? 0) ^ 1
  return changed
}

/** The manifest as somebody would write it who knows how: with a digest that fits. */
const forged = (from: string, to: string) => (bytes: Buffer) => {
  const { sha256: _, ...rest } = JSON.parse(bytes.toString('utf8').replaceAll(from, to))
  return Buffer.from(`${canonical({ ...rest, sha256: sha256(canonical(rest)) })}\n`)
}

describe('verify', () => {
  it('finds an archive whole, from its first run or from a later one, and says what it looked at', async () => {
    await onArchive(async ({ archive }) => {
      const { status, out } = await command('verify', '--archive', archive)
      assert.equal(status, 0, out)
      assert.match(out, /Audit small .*: 3 runs whole, 2026-11-21T07:00:00Z to 2026-11-23T07:00:00Z\./)
      const later = await command('verify', '--archive', archive, '--from', '2026-11-22T07:00:00Z')
      assert.match(later.out, /2 runs whole, 2026-11-22T07:00:00Z to/)
      assert.equal(later.status, 0)
    })
  })

  const damages: [string, (kept: Kept) => Promise<unknown>, RegExp][] = [
    [
      'a flipped byte in the records',
      async ({ change, records }) => change(await records(RUNS[1]), flipped(300)),
      /2026-11-22T07-00-00Z\/records-\w+\.ndjson\.gz: its digest is not that of its manifest/,
    ],
    [
      'a flipped byte in a manifest',
      ({ change, folder }) => change(join(folder(RUNS[1]), 'manifest.json'), flipped(100)),
      /2026-11-22T07-00-00Z\/manifest\.json: (its digest is not|it is no JSON)/,
    ],
    [
      'missing records',
      async ({ records }) => unlink(await records(RUNS[0])),
      /2026-11-21T07-00-00Z\/records-\w+\.ndjson\.gz: it is missing/,
    ],
    [
      'a missing manifest',
      ({ folder }) => unlink(join(folder(RUNS[1]), 'manifest.json')),
      /The run 2026-11-23T07:00:00Z links to the run 2026-11-22T07:00:00Z, which is missing/,
    ],
    [
      'a missing run',
      ({ folder }) => rm(folder(RUNS[1]), { recursive: true }),
      /The run 2026-11-23T07:00:00Z links to the run 2026-11-22T07:00:00Z, which is missing/,
    ],
    [
      'a missing first run',
      ({ folder }) => rm(folder(RUNS[0]), { recursive: true }),
      /The run 2026-11-22T07:00:00Z links to the run 2026-11-21T07:00:00Z, which is missing/,
    ],
    [
      'a reordered chain: two runs that have changed their places',
      async ({ folder }) => {
        await rename(folder(RUNS[0]), folder('2026-11-20T07:00:00Z'))
        await rename(folder(RUNS[1]), folder(RUNS[0]))
        await rename(folder('2026-11-20T07:00:00Z'), folder(RUNS[1]))
      },
      /2026-11-21T07-00-00Z\/manifest\.json: it is the manifest of small 2026-11-22T07:00:00Z/,
    ],
    [
      'a run record that was forged with all its own digests',
      ({ change, folder }) =>
        change(join(folder(RUNS[1]), 'manifest.json'), forged('"overdue":2', '"overdue":0')),
      /The run 2026-11-23T07:00:00Z links to a run record of 2026-11-22T07:00:00Z with the digest \w+, but/,
    ],
    [
      'a link that was forged to pass over a run',
      async ({ change, folder }) => {
        const first = await readFile(join(folder(RUNS[0]), 'manifest.json'), 'utf8')
        const digest = sha256(canonical(JSON.parse(first).record))
        const file = join(folder(RUNS[2]), 'manifest.json')
        const { previous } = JSON.parse(await readFile(file, 'utf8')).record
        await change(file, forged(JSON.stringify(previous), JSON.stringify({ run: RUNS[0], sha256: digest })))
      },
      /The run 2026-11-23T07:00:00Z does not link to the run 2026-11-22T07:00:00Z before it/,
    ],
  ]
  for (const [what, damage, message] of damages) {
    it(`names ${what}, and ends with 3`, async () => {
      await onArchive(async (kept) => {
        await damage(kept)
        const { status, out } = await command('verify', '--archive', kept.archive)
        assert.match(out, message)
        assert.equal(status, 3)
      })
    })
  }

  /** Forges the last run to pass over the one before it, which was judged so many seconds before the last began. */
  async function passOver({ folder, change }: Kept, seconds: number, overtakenBy?: string): Promise<void> {
    const [first, middle, last] = RUNS.map((run) => join(folder(run), 'manifest.json'))
    const recordIn = async (file = '') => JSON.parse(await readFile(file, 'utf8')).record
    const { previous, startedAt } = await recordIn(last)
    const { judgedAt } = await recordIn(middle)
    const judged = new Date(Date.parse(startedAt) - seconds * 1_000).toISOString()
    await change(middle ?? '', forged(`"judgedAt":"${judgedAt}"`, `"judgedAt":"${judged}"`))
    await change(
      last ?? '',
      forged(
        JSON.stringify(previous),
        JSON.stringify({ run: RUNS[0], sha256: sha256(canonical(await recordIn(first))) }),
      ),
    )
    for (const run of RUNS) await rm(join(folder(run), 'claims'), { recursive: true })
    if (overtakenBy === undefined) return
    const late = { run: overtakenBy, sha256: sha256(canonical(await recordIn(last))) }
    await change(middle ?? '', forged('"outcome":', `"overtakenBy":${JSON.stringify(late)},"outcome":`))
  }

  const skips: readonly [string, number, string | undefined, number][] = [
    ['may be passed over for the ten minutes that remembering it may take', 600, undefined, 0],
    ['may not be passed over after that', 601, undefined, 3],
    ['may be passed over whenever it says that the later one was remembered first', 86_400, RUNS[2], 0],
    ['may not be passed over for having found an earlier one', 86_400, RUNS[0], 3],
  ]
  for (const [what, seconds, overtakenBy, expected] of skips) {
    it(`knows that a run ${what}`, async () => {
      await onArchive(async (kept) => {
        await passOver(kept, seconds, overtakenBy)
        const { status, out } = await command('verify', '--archive', kept.archive)
        assert.equal(status, expected, out)
        const passed = /The run 2026-11-22T07:00:00Z was judged when the run 2026-11-23T07:00:00Z had begun/
        const broken = /The run 2026-11-23T07:00:00Z does not link to the run 2026-11-22T07:00:00Z before it/
        assert.match(out, expected === 0 ? passed : broken)
      })
    })
  }

  it('names a gap in time longer than expected, also one that reaches until now', async () => {
    await onArchive(async ({ archive, folder }) => {
      const gap = await command('verify', '--archive', archive, '--expect-every', '23h')
      assert.match(
        gap.out,
        /From the run 2026-11-21T07:00:00Z to the run 2026-11-22T07:00:00Z there is no run for 24 hours/,
      )
      assert.equal(gap.status, 3)
      for (const span of ['26h', '31d', '744h', '2678400s']) {
        const { status } = await command('verify', '--archive', archive, '--expect-every', span)
        assert.notEqual(status, 2, span)
      }
      await rm(folder(RUNS[2]), { recursive: true })
      const anHourLate = new Date('2026-11-23T08:00:00Z')
      const ended = await commandAt(anHourLate, 'verify', '--archive', archive, '--expect-every', '24h')
      assert.match(ended.out, /From the run 2026-11-22T07:00:00Z to now there is no run for 25 hours/)
    })
  })

  it('names what is of a newer format, and the run that it hides', async () => {
    await onArchive(async ({ archive, change, folder }) => {
      await change(join(folder(RUNS[1]), 'manifest.json'), forged('"format":1', '"format":2'))
      const { status, out } = await command('verify', '--archive', archive)
      assert.match(out, /manifest\.json: it is of format 2, and this version reads format 1/)
      assert.match(
        out,
        /The run 2026-11-23T07:00:00Z links to the run 2026-11-22T07:00:00Z, which is missing/,
      )
      assert.equal(status, 3)
    })
  })

  const misuses: [string[], RegExp][] = [
    [[], /AUDIT_ARCHIVE \(--archive\) is required/],
    [['--archive', 's3://x'], /gs:\/\/BUCKET\/PREFIX/],
    [['--archive', '/nowhere/at/all'], /holds no audit/],
    [['--archive', '.', '--name', 'x', '--from', 'monday'], /--from must be the time of a run/],
    [['--archive', '.', '--expect-every', 'often'], /must be a whole number of hours, days or less/],
    [['--archive', '.', '--expect-every', '32d'], /at most 31 days/],
    [['--archive', '.', '--expect-every', '745h'], /at most 31 days/],
  ]
  for (const [args, message] of misuses) {
    it(`ends with 2 on ${args.join(' ') || 'no archive'}`, async () => {
      const { status, err } = await command('verify', ...args)
      assert.match(err, message)
      assert.equal(status, 2)
    })
  }
})

describe('verify --records', () => {
  type Entry = Record<string, unknown> & { insertId: string; jsonPayload: Record<string, unknown> }

  async function compared(
    kept: Kept,
    change: (entries: Entry[]) => Entry[],
    asText: (entries: Entry[]) => string = (entries) =>
      entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
  ) {
    const file = join(kept.archive, '..', `${sha256(kept.archive).slice(0, 8)}.json`)
    const entries = kept.entries.map((entry) => structuredClone(entry) as unknown as Entry)
    await writeFile(file, asText(change(entries)))
    try {
      return await command('verify', '--archive', kept.archive, '--records', file)
    } finally {
      await rm(file)
    }
  }
  const keyOf = (entry: Entry) => entry.jsonPayload['record'] === 'key'

  it('finds the records of Cloud Logging to be those of the archive, one a line or as an array', async () => {
    await onArchive(async (kept) => {
      const { status, out } = await compared(kept, (entries) => entries.toReversed())
      assert.match(out, /The exported records of 3 runs are those of the archive/)
      assert.equal(status, 0)
      const array = await compared(
        kept,
        (entries) => entries,
        (entries) => JSON.stringify(entries, null, 2),
      )
      assert.equal(array.status, 0)
    })
  })

  const changes: [string, (entries: Entry[]) => Entry[], RegExp, number][] = [
    [
      'a missing record',
      (entries) => entries.filter((entry) => entry !== entries.find(keyOf)),
      /run 2026-11-21T07:00:00Z: 1 missing \(\w{64}\)/,
      3,
    ],
    [
      'the records of a whole run missing',
      (entries) => entries.filter(({ jsonPayload }) => jsonPayload['run'] !== RUNS[1]),
      /run 2026-11-22T07:00:00Z: 3 missing/,
      3,
    ],
    [
      'an altered record',
      (entries) => {
        const key = entries.find(keyOf)
        if (key) key.jsonPayload['verdict'] = 'compliant'
        return entries
      },
      /run 2026-11-21T07:00:00Z: 1 altered/,
      3,
    ],
    [
      'a record that was added with an insertId that fits',
      (entries) => {
        const [key] = structuredClone(entries.filter(keyOf))
        if (!key) return entries
        key.jsonPayload['verdict'] = 'compliant'
        key.insertId = sha256(canonical(key.jsonPayload))
        return [...entries, key]
      },
      /run 2026-11-21T07:00:00Z: 1 extra/,
      3,
    ],
    [
      'repeated records, which are no break',
      (entries) => [...entries, ...entries.filter(keyOf)],
      /2 records of the run 2026-11-21T07:00:00Z are there more than once, with the same content/,
      0,
    ],
    [
      'records of single changes, which no run counts, whenever they happened, and no break',
      (entries) => {
        const [{ jsonPayload } = { jsonPayload: {} }] = entries
        const changed = [RUNS[0], '2026-11-21T10:00:00Z'].map((run) => {
          const payload = { ...jsonPayload, record: 'event', run, outcome: 'harmless' }
          return { insertId: sha256(canonical(payload)), jsonPayload: payload }
        })
        return [...entries, ...changed]
      },
      /The exported records of 3 runs are those of the archive/,
      0,
    ],
  ]
  for (const [what, change, message, expected] of changes) {
    it(`tells ${what}`, async () => {
      await onArchive(async (kept) => {
        const { status, out } = await compared(kept, change)
        assert.match(out, message)
        assert.equal(status, expected)
      })
    })
  }

  it('ends with 2 for a file that holds something else', async () => {
    await onArchive(async (kept) => {
      const { status, err } = await compared(
        kept,
        (entries) => entries,
        () => '{"a": 1}\n',
      )
      assert.match(err, /must hold log entries of this program/)
      assert.equal(status, 2)
    })
  })
})

describe('history', () => {
  it('lists the runs with counts and changes, and tells the life of a key', async () => {
    await inDirectory((archive) =>
      onStage(worldOf(KEYS), async ({ simulator, env }) => {
        const settings = { ...env, AUDIT_ARCHIVE: archive, AUDIT_NAME: 'small' }
        for (const run of RUNS) delivered(await runAt(run, settings))
        simulator.world = worldOf(
          '[{id: one, uid: uid-one, name: One, created: 400d ago, targets: [maps-backend]}]',
        )
        delivered(await runAt('2026-11-24T07:00:00Z', settings))
        simulator.world = worldOf('[]')
        delivered(await runAt('2026-11-25T07:00:00Z', settings))
        const { out } = await command('history', '--archive', archive)
        assert.equal(
          out,
          `Run                   Outcome     Keys     Overdue  Due     Unknown  Changes
2026-11-21T07:00:00Z  complete          2        2       0        0  first run
2026-11-22T07:00:00Z  complete          2        2       0        0  none
2026-11-23T07:00:00Z  complete          2        2       0        0  none
2026-11-24T07:00:00Z  complete          1        0       0        0  1 better, 1 gone, 2 fixed
2026-11-25T07:00:00Z  complete          0        0       0        0  1 gone
`,
        )
        const life = await command('history', '--archive', archive, '--key', 'uid-one')
        assert.equal(
          life.out,
          `2026-11-21T07:00:00Z  overdue since 2026-11-21  One in gemini-1: dormant-key, unrestricted-key, standard-key
  … the same in 2 more runs
2026-11-24T07:00:00Z  not-affected  One in gemini-1  better (by the key, was overdue)
2026-11-25T07:00:00Z  gone  One in gemini-1  gone (by the key, was not-affected)
`,
        )
        const nobody = await command('history', '--archive', archive, '--key', 'nobody')
        assert.deepEqual([nobody.status, nobody.out], [1, ''])
      }),
    )
  })
})
