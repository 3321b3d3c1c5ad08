import assert from 'node:assert/strict'
import PQueue from 'p-queue'
import {
  CELLS,
  type Cell,
  FAULTS,
  type FaultColumn,
  isListing,
  OUTCOMES,
  PASSING,
  ROWS,
  type Row,
  type RowName,
} from './matrix.js'
import { outcomeOf } from './outcome.js'
import { amplyFor, type Heard, Stage } from './run.js'

/** Runs at once that work, and that mostly wait. */
const WORKING = 4
const WAITING = 16

/** Faults that last as long as there is time. */
const ENDLESS: readonly FaultColumn[] = ['429']

/** Objects of an archive may have 256 MiB; what lies in a socket comes on top. */
const LARGEST_OBJECT = 300 * 2 ** 20

/** Faults after which the next attempt is made, where runs are remembered. */
const TRIED_AGAIN: readonly FaultColumn[] = ['500', 'hang', 'broken-off', 'truncated']

/** The calls of a run; files for the channel are tried once in an attempt, and are missing here. */
const CALLS = [...new Set(Object.values(ROWS).map(({ call }) => call))].filter(
  (call) => !/^slack\.(files|upload)/.test(call),
)

/** Each way of reading makes calls that the others do not. */
const WAYS = ['auto', 'projects', 'export'] as const

const working = new PQueue({ concurrency: WORKING })
const waiting = new PQueue({ concurrency: WAITING })

function queueOf(fault: string): PQueue {
  return /429|503|hang|after/.test(fault) ? waiting : working
}

describe('a fault that passes, met by every call of a run', function () {
  this.timeout(180_000)
  const whole = new Map<string, Promise<Heard>>()
  const results = new Map<string, Promise<void>>()

  async function check(fault: string, way: string): Promise<void> {
    const env = {
      AUDIT_INVENTORY: way,
      AUDIT_EXPORT: 'gs://exports/audit',
      AUDIT_ARCHIVE: 'gs://audits/runs',
    }
    const undisturbed = whole.get(way) ?? onStage([], env, (stage) => stage.run())
    whole.set(way, undisturbed)
    const calls = fault.includes('page-size') ? CALLS.filter(isListing) : CALLS
    const rules = calls.map((call) => `${call}=${fault}`)
    const heard = await onStage(rules, env, (stage) => stage.run())
    assert.equal(outcomeOf(heard, await undisturbed), 'same', JSON.stringify(heard.body))
  }

  before(() => {
    for (const way of WAYS) {
      for (const fault of Object.keys(PASSING)) {
        const result = queueOf(fault).add(() => check(fault, way))
        result.catch(() => undefined) // told by its own test
        results.set(`${fault} ${way}`, result)
      }
    }
  })

  for (const [fault, says] of Object.entries(PASSING)) {
    for (const way of WAYS) {
      it(`${says}, read by ${way}: everything is as without it`, () => results.get(`${fault} ${way}`))
    }
  }
})

describe('the matrix of faults', function () {
  this.timeout(180_000)
  const undisturbed = new Map<RowName, Promise<Heard>>()
  const results = new Map<Cell, Promise<void>>()

  /** The run of a row without any fault. */
  function baseline(name: RowName): Promise<Heard> {
    const known = undisturbed.get(name) ?? onStage([], envOf(ROWS[name]), (stage) => stage.run())
    undisturbed.set(name, known)
    return known
  }

  async function check({ row: name, fault, outcome }: Cell): Promise<void> {
    const row: Row = ROWS[name]
    const whole = await baseline(name)
    const budget = ENDLESS.includes(fault)
      ? { AUDIT_TIME_BUDGET: `${Math.ceil(amplyFor(whole) / 1000)}s` }
      : {}
    const timeLimit = fault === 'hang' ? amplyFor(whole) / 2 : undefined
    await onStage([ruleOf(row, fault)], { ...envOf(row), ...budget }, async (stage) => {
      const heard = await stage.run({ timeLimit })
      assert.equal(
        outcomeOf(heard, whole, { most: name === 'compare' ? LARGEST_OBJECT : undefined }),
        outcome,
      )
      if (outcome === 'failed') assert.deepEqual([heard.runs.length, heard.digests.length], [1, 1])
      if (outcome === 'undelivered') for (const run of heard.runs) assert.equal(run.outcome, 'complete')
      const isRemembered = row.env?.['AUDIT_ARCHIVE'] !== undefined
      if (heard.status === 500 && isRemembered && TRIED_AGAIN.includes(fault)) {
        recovered(await stage.run({ faults: false }), whole)
      }
    })
  }

  before(() => {
    for (const cell of CELLS) {
      const result = queueOf(cell.fault).add(() => check(cell))
      result.catch(() => undefined) // told by the cell's own test
      results.set(cell, result)
    }
  })

  for (const name of Object.keys(ROWS) as RowName[]) {
    const { call, purpose }: Row = ROWS[name]
    describe(`${call}: ${purpose}`, () => {
      for (const cell of CELLS.filter(({ row }) => row === name)) {
        it(`${cell.fault}: ${cell.outcome}`, () => results.get(cell))
      }
    })
  }

  it('meets every call and every fault', () => {
    const rows = new Set(CELLS.map(({ row }) => row))
    const faults = new Set(CELLS.map(({ fault }) => fault))
    const outcomes = new Set(CELLS.map(({ outcome }) => outcome))
    assert.deepEqual([...rows].sort(), Object.keys(ROWS).sort())
    assert.deepEqual([...faults].sort(), Object.keys(FAULTS).sort())
    assert.deepEqual([...outcomes].sort(), Object.keys(OUTCOMES).sort())
  })
})

/** The next attempt has no fault: all is as it would have been, and the channel has one digest. */
function recovered(again: Heard, undisturbed: Heard): void {
  assert.equal(again.status, 200, JSON.stringify(again.body))
  assert.deepEqual(again.verdicts, undisturbed.verdicts)
  assert.equal(again.digests.filter((text) => !/failed/i.test(text)).length, 1)
  assert.deepEqual([again.replies, again.files], [undisturbed.replies, undisturbed.files])
}

function ruleOf({ call, on }: Row, fault: FaultColumn): string {
  return [`${call}=${FAULTS[fault]}`, ...(on === undefined ? [] : [`on=${on}`])].join(',')
}

/** Runs are remembered only where the row is about that. */
function envOf({ env = {} }: Row): Readonly<Record<string, string>> {
  return { AUDIT_ARCHIVE: '', ...env }
}

async function onStage<Result>(
  faults: readonly string[],
  env: Readonly<Record<string, string>>,
  use: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const stage = await Stage.set(faults, { env })
  try {
    return await use(stage)
  } finally {
    await stage.stop()
  }
}
