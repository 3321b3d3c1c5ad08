import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulator/simulator.js'
import type { Answer, Gate } from '../../simulator/wire/call.js'
import type { World } from '../../simulator/world/world.js'
import { type Remark, remarkText } from '../../src/errors.js'
import { createGoogle } from '../../src/google/client.js'
import { createInventory } from '../../src/inventory/inventory.js'
import type { InventoryOptions } from '../../src/inventory/reading.js'
import type { Gap, Instant, KeyType, Observation, Project, ReadingNotes } from '../../src/model.js'
import { type GapInWords, inWords } from '../gaps.js'
import { instant } from '../policy/keys.js'
import { worldOf } from '../simulator/simulated.js'

export const READ_AT: Instant = instant('2026-11-23T07:00:01Z')

/** When an earlier run saw the types that it remembers. */
export const REMEMBERED_AT: Instant = instant('2026-11-20T07:00:01Z')

/** All that one reading gave. */
export interface Read {
  /** By the key's display name, which is unique in these worlds; by its name where it has none. */
  readonly keys: ReadonlyMap<string, Observation>
  /** How many observations there were: more than `keys` when one came twice. */
  readonly count: number
  readonly gaps: readonly GapInWords[]
  readonly remarks: readonly string[]
  readonly notes: ReadingNotes
  /** IDs of the projects that turned out to be gone. */
  readonly gone: readonly string[]
  /** IDs, in alphabetical order. */
  readonly projects: readonly string[]
  /** Each operation that was asked, with how often. */
  readonly requests: Readonly<Record<string, number>>
  readonly error: unknown
}

export interface ReadOptions extends Partial<Omit<InventoryOptions, 'isExcluded'>> {
  readonly excluded?: (project: Project) => boolean
  readonly remembered?: Readonly<Record<string, KeyType>>
  readonly gates?: SimulatorOptions['gates']
  readonly timeLimit?: number
  /** Bytes of one answer. */
  readonly sizeLimit?: number
  /** How exports go in the simulator; they are written to the bucket `exports`. */
  readonly exporting?: SimulatorOptions['exporting']
  readonly beforehand?: (simulator: Simulator) => void
  /** Looks at the simulator after the reading. */
  readonly afterwards?: (simulator: Simulator) => void
}

/** Where exports go in these tests. */
const EXPORTS = { bucket: 'exports', folder: 'here/this-run', pauses: { first: 1, longest: 2 } }

/** Reads a world, the whole organization by default, over real HTTP. */
export async function read(world: World | string, options: ReadOptions = {}): Promise<Read> {
  const served = typeof world === 'string' ? worldOf(world) : world
  const { gates, exporting } = options
  const simulator = await startSimulator({
    world: served,
    ...(gates && { gates }),
    ...(exporting && { exporting }),
  })
  try {
    options.beforehand?.(simulator)
    const found = await readFrom(simulator, options)
    options.afterwards?.(simulator)
    return found
  } finally {
    await simulator.stop()
  }
}

async function readFrom(simulator: Simulator, options: ReadOptions): Promise<Read> {
  const { excluded = () => false, remembered, gates: _, timeLimit = 5000, sizeLimit, ...others } = options
  const { exporting: _exporting, beforehand: _beforehand, afterwards: _afterwards, ...rest } = others
  const retryPolicy = { retries: 2, first: 1, longest: 2, total: 5000 }
  const google = createGoogle({
    origin: simulator.origin,
    pace: 'off',
    retryPolicy,
    timeLimit,
    ...(sizeLimit && { sizeLimit }),
  })
  const inventory = createInventory(google, {
    scopes: [`organizations/${simulator.world.organization.number}`],
    mode: 'auto',
    exportTo: EXPORTS,
    now: () => READ_AT,
    isExcluded: excluded,
    ...(remembered && { rememberedType: (uid: string) => typeFrom(remembered[uid]) }),
    ...rest,
  })
  const observations: Observation[] = []
  const gaps: GapInWords[] = []
  const remarks: string[] = []
  const notes: ReadingNotes = {}
  const gone: string[] = []
  const projects: string[] = []
  let error: unknown
  try {
    const listener = {
      gap: (gap: Gap) => gaps.push(inWords(gap)),
      remark: (remark: Remark) => remarks.push(remarkText(remark)),
      project: ({ id }: Project) => projects.push(id),
      gone: ({ id }: Project) => gone.push(id),
      note: (said: ReadingNotes) => Object.assign(notes, said),
      progress: () => undefined,
    }
    for await (const batch of inventory.read(listener)) observations.push(...batch)
  } catch (thrown) {
    error = thrown
  }
  if (simulator.violations.length > 0) throw new Error(`${JSON.stringify(simulator.violations)}`)
  const keys = new Map(observations.map((found) => [found.key.displayName || found.key.name, found]))
  const requests = Object.fromEntries(simulator.requests)
  return {
    keys,
    count: observations.length,
    gaps,
    remarks,
    notes,
    gone,
    projects: projects.sort(),
    requests,
    error,
  }
}

function typeFrom(type: KeyType | undefined) {
  return type && { type, readAt: REMEMBERED_AT }
}

/** What an observation says, in a line: `type gemini key-from type-from services-from`. */
export function line({ type, gemini, evidence }: Observation): string {
  return `${type} ${gemini} ${evidence.key.from} ${evidence.type.from} ${evidence.services.from}`
}

/** The lines of all keys, by name. */
export function lines({ keys }: Read): Readonly<Record<string, string>> {
  return Object.fromEntries([...keys].map(([name, found]) => [name, line(found)]))
}

/** What a gap says, in a line: `missing subject reason`. */
export function gapLines({ gaps }: Read): readonly string[] {
  return gaps.map(({ missing, subject, reason }) => `${missing} ${subject} ${reason}`).sort()
}

/** Answers an operation otherwise, `from` the given call on; other operations as they are. */
export function answering(operation: string, answer: Answer | 'reset' | 'silence', from = 0): Gate {
  return async (call, real) => {
    if (call.operation !== operation || call.earlier < from) return real()
    return typeof answer === 'string' ? { hangup: answer } : answer
  }
}

/** Lets an operation answer with another body, made from the real one. */
export function changing(
  operation: string,
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever was answered
  change: (body: any) => object,
): Gate {
  return async (call, real) => {
    const outcome = await real()
    const isOther = call.operation !== operation || !('body' in outcome)
    return isOther ? outcome : { ...outcome, body: { ...Object(outcome.body), ...change(outcome.body) } }
  }
}

/** Pages of at most so many elements, whatever was asked for. */
export function pagesOf(size: number): Gate {
  return (call, real) => {
    const asked = Number(call.query.get('pageSize') ?? size)
    if (call.query.has('pageSize')) call.query.set('pageSize', `${Math.min(asked, size)}`)
    return real()
  }
}

export const UNAVAILABLE: Answer = { status: 503, body: { error: { status: 'UNAVAILABLE' } } }

/** Shows every project as one that lies in no organization. */
export const outsideOrganizations: Gate = async (_call, answer) => {
  const outcome = await answer()
  if (!('body' in outcome)) return outcome
  const without = (name: string, value: unknown) =>
    name === 'parent'
      ? undefined
      : name === 'ancestors' && Array.isArray(value)
        ? value.filter((place) => String(place).startsWith('projects/'))
        : value
  return { ...outcome, body: JSON.parse(JSON.stringify(outcome.body), without) }
}
