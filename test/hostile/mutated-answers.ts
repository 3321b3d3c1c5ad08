import { isJson } from '../../simulator/gates/damage.js'
import type { Simulator } from '../../simulator/simulator.js'
import type { Answer, Call, Outcome } from '../../simulator/wire/call.js'
import { isObject } from '../../simulator/wire/json-body.js'
import { randomOf } from '../../simulator/world/random.js'
import { ROWS, type RowName } from '../faults/matrix.js'
import { outcomeOf } from '../faults/outcome.js'
import { amplyFor, type Heard, Stage } from '../faults/run.js'
import { MUTATIONS, type Mutation, mutated, type Path, placesFor } from './mutations.js'
import { jsonText } from './wire.js'

/** An answer of Google's that is mutated, and how a run is set up that gets it. */
interface MutatedAnswer {
  readonly row: RowName
  /** Refused with this answer before anything is mutated. */
  readonly refusal?: Answer
}

type Gate = (call: Call, answer: () => Promise<Outcome>, simulator: Simulator) => Promise<Outcome>

const GOOGLE = Object.keys(ROWS).filter(
  (name) => !/^(message|file-\d|policy|compare|exported)$/.test(name),
) as RowName[]

const REFUSAL: Answer = {
  status: 403,
  body: {
    error: {
      code: 403,
      message: 'Permission denied on resource project gemini-1.',
      status: 'PERMISSION_DENIED',
      errors: [{ message: 'Permission denied.', domain: 'global', reason: 'forbidden' }],
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'IAM_PERMISSION_DENIED',
          domain: 'googleapis.com',
          metadata: { consumer: 'projects/1', service: 'apikeys.googleapis.com' },
        },
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1s' },
      ],
    },
  },
}

/** The answers of a run by Google, and some refusals. */
export const MUTATED_ANSWERS: Readonly<Record<string, MutatedAnswer>> = {
  ...Object.fromEntries(GOOGLE.map((row) => [row, { row }])),
  exported: { row: 'exported' },
  ...Object.fromEntries(
    (['keys', 'search', 'confirm', 'remember', 'records'] as const).map((row) => [
      `${row} refused`,
      { row, refusal: REFUSAL },
    ]),
  ),
}

export interface Case {
  readonly place: string
  readonly mutation: string
  readonly seed: number
}

/** Undefined where nothing fits the mutation. */
type Mutate = (root: unknown) => { readonly value: unknown } | undefined

const baselines = new Map<string, Promise<Heard>>()

/** The run without any mutation. */
function baselineOf(place: string): Promise<Heard> {
  const { row } = placeNamed(place)
  const known = baselines.get(row) ?? runOf(envOf(row))
  baselines.set(row, known)
  return known
}

/** What a run comes to that meets a mutation in one kind of answer, each time. Throws where that is no outcome. */
export async function outcomeOfCase({ place, mutation: kind, seed }: Case): Promise<string> {
  const { row, refusal } = placeNamed(place)
  const mutation = mutationNamed(kind)
  const baseline = await baselineOf(place)
  const changed = new Set<string>()
  let met = false
  const mutate: Mutate = (root) => {
    const random = randomOf(
      seed,
      Object.keys(MUTATED_ANSWERS).indexOf(place),
      Object.keys(MUTATIONS).indexOf(kind),
    )
    const places = placesFor(mutation, root)
    const path = places[Math.floor(random() * places.length)]
    if (path === undefined) return undefined
    met = true
    if (!mutation.isPlain) for (const id of keysAt(root, path)) changed.add(id)
    return { value: mutated(root, path, mutation, random) }
  }
  const gate: Gate = async (call, answer, simulator) => {
    if (!isAt(row, call)) return answer()
    if (row === 'exported') return afterMutatingFiles(call, answer, simulator, mutate)
    const outcome = refusal ?? (await answer())
    if ('hangup' in outcome || !isJson(outcome.body)) return outcome
    const found = mutate(outcome.body)
    if (found === undefined) return outcome
    return { ...outcome, headers: { ...outcome.headers, ...JSON_TYPE }, body: jsonText(found.value) }
  }
  // Cloud Logging's client asks again until its time is over where it cannot read an answer.
  const timeLimit = row === 'records' ? amplyFor(baseline) / 2 : undefined
  const heard = await runOf(envOf(row), gate, timeLimit)
  const outcome = outcomeOf(heard, baseline, { changed: changed.has(ALL) ? idsOf(baseline) : changed })
  const asked = (each: Heard) => [...each.requests.values()].reduce((sum, count) => sum + count, 0)
  if (asked(heard) > asked(baseline) * MOST_ASKED) throw new Error(`${asked(heard)} requests`)
  return met ? outcome : 'none'
}

const JSON_TYPE = { 'content-type': 'application/json; charset=UTF-8' }

/** So many times the undisturbed run's requests: what is damaged is asked for three times. */
const MOST_ASKED = 4

/** Stands for all keys. */
const ALL = '*'

function idsOf({ verdicts }: Heard): ReadonlySet<string> {
  return new Set(Object.keys(verdicts))
}

/** The keys about which another text, or none, may be the truth: those that lie at a place, or all of a list. */
function keysAt(root: unknown, [list, position]: Path): readonly string[] {
  if (list === undefined) return [ALL]
  if (!isObject(root) || (list !== 'assets' && list !== 'keys')) return []
  const elements = root[list]
  if (!Array.isArray(elements) || !isOfKeys(elements)) return []
  return typeof position === 'number' ? [idOf(elements[position])] : [ALL]
}

function isOfKeys(elements: readonly unknown[]): boolean {
  return elements.some((element) => isObject(element) && String(element['name']).includes('/keys/'))
}

function idOf(element: unknown): string {
  const name = isObject(element) ? String(element['name']) : ''
  return name.slice(name.lastIndexOf('/') + 1)
}

function placeNamed(name: string): MutatedAnswer {
  const found = MUTATED_ANSWERS[name]
  if (found === undefined) throw new Error(`There is no place ${name}.`)
  return found
}

function mutationNamed(name: string): Mutation {
  const found = MUTATIONS[name]
  if (found === undefined) throw new Error(`There is no mutation ${name}.`)
  return found
}

function isAt(name: RowName, { operation, path, query }: Call): boolean {
  const { call, on = '' } = ROWS[name] as { readonly call: string; readonly on?: string }
  // Files are mutated where their names and sizes are asked for.
  const meant = name === 'exported' ? 'storage.objects.list' : call
  return operation === meant && decodeURIComponent(`${path}?${query}`).includes(on.replaceAll('*', ''))
}

function envOf(row: RowName): Readonly<Record<string, string>> {
  const { env = {} } = ROWS[row] as { readonly env?: Readonly<Record<string, string>> }
  return { AUDIT_ARCHIVE: '', AUDIT_TIME_BUDGET: '30s', ...env }
}

/** Each line of each file as an element of a list. */
async function afterMutatingFiles(
  call: Call,
  answer: () => Promise<Outcome>,
  { buckets }: Simulator,
  mutate: Mutate,
): Promise<Outcome> {
  const bucket = call.earlier === 0 ? buckets.get('exports') : undefined
  for (const { name, content, contentType, metadata } of bucket?.list() ?? []) {
    const lines = content.subarray().toString('utf8').split('\n').filter(Boolean)
    const found = mutate({ assets: lines.map((line) => JSON.parse(line)) })
    if (found === undefined) continue
    const { assets = [] } = Object(found.value)
    const file = (Array.isArray(assets) ? assets : [assets]).map((line) => `${jsonText(line)}\n`).join('')
    bucket?.insert({ name, content: Buffer.from(file), contentType, metadata })
  }
  return answer()
}

async function runOf(env: Readonly<Record<string, string>>, gate?: Gate, timeLimit?: number): Promise<Heard> {
  const stage = await Stage.set([], { env, ...(gate && { gate }) })
  try {
    return await stage.run({ timeLimit })
  } finally {
    await stage.stop()
  }
}
