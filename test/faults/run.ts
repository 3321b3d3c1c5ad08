import { gunzipSync } from 'node:zlib'
import type { Request, Response } from '@google-cloud/functions-framework'
import { isJson } from '../../simulator/gates/damage.js'
import { faultGate } from '../../simulator/gates/fault-gate.js'
import { faultRules } from '../../simulator/gates/fault-rule.js'
import { type Simulator, startSimulator } from '../../simulator/simulator.js'
import type { Call, Gate, Outcome } from '../../simulator/wire/call.js'
import { isObject } from '../../simulator/wire/json-body.js'
import { settingsFor } from '../../src/commands/sample.js'
import { createHandler } from '../../src/function/handler.js'
import type { RequestLimits } from '../../src/run/request-limits.js'
import { BEFORE, KEY_STRING, MARK, organization, POLICY, TODAY } from './organization.js'

/** Long enough for a busy machine, but for answers that never come: each of these costs this much. */
function limits(timeLimit: number): RequestLimits {
  return {
    google: {
      timeLimit,
      sizeLimit: 2 ** 20,
      retryPolicy: { retries: 2, first: 5, longest: 250, total: 30_000 },
    },
    logging: { timeout: timeLimit, wait: 20, waitLimit: 5_000 },
    slack: { timeout: timeLimit, waitBudget: 40, wait: async () => undefined },
  }
}

const TIME_LIMIT = 20_000

/** What everybody hears of a run. */
export interface Heard {
  readonly status: number
  /** The run record, or `{error, run, retry}`. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
  readonly body: any
  /** The verdict that each key's record has in the log, by the key's ID. */
  readonly verdicts: Readonly<Record<string, string>>
  /** What each of them lies in, itself included, by its ID. */
  readonly places: Readonly<Record<string, readonly string[]>>
  /** The run records in the log. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly runs: readonly any[]
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly gaps: readonly any[]
  /** The texts of the messages in the channel, and how many replies and files are under them. */
  readonly digests: readonly string[]
  readonly replies: number
  readonly files: number
  /** Whether the archive has the run. */
  readonly isRemembered: boolean
  /** All that was given to anybody, as text. */
  readonly everything: string
  readonly requests: ReadonlyMap<string, number>
  /** Most bytes that were taken of one answer that came as a stream. */
  readonly mostTaken: number
  /** How long it took. */
  readonly milliseconds: number
}

/** Milliseconds in which a run is sure to get done on this machine, as busy as it is. */
export function amplyFor({ milliseconds }: Heard): number {
  return Math.min(12_000, 2 * Math.ceil(750 + 4 * milliseconds))
}

interface RunOptions {
  readonly faults?: boolean
  /** Milliseconds for one request. */
  readonly timeLimit?: number | undefined
}

interface StageOptions {
  readonly seed?: number
  readonly env?: Readonly<Record<string, string>>
  /** Stands before the services while their faults are on. */
  readonly gate?: (call: Call, answer: () => Promise<Outcome>, simulator: Simulator) => Promise<Outcome>
}

/** An organization with a run behind it, and the faults that its services have while they are on. */
export class Stage {
  private constructor(
    readonly simulator: Simulator,
    private readonly env: Readonly<Record<string, string>>,
    private readonly afflicted: { on: boolean; mostTaken: number },
    private readonly before: { readonly messages: number; readonly files: number; readonly entries: number },
  ) {}

  static async set(faults: readonly string[], options: StageOptions = {}): Promise<Stage> {
    const { seed = 1, env = {}, gate } = options
    const afflicted = { on: false, mostTaken: 0 }
    const own: Gate = (call, answer) =>
      afflicted.on ? (gate?.(call, answer, simulator) ?? answer()) : answer()
    const simulator: Simulator = await startSimulator({
      world: organization(TODAY),
      now: () => new Date(TODAY),
      enforce: { slackArguments: true },
      gates: [counting(afflicted), spilling, own, ...gatesFor(faults, seed, afflicted)],
    })
    for (const [name, content] of [['policy.yaml', POLICY], ...(await earlier())] as const) {
      const bucket = simulator.buckets.get(name === 'policy.yaml' ? 'config' : 'audits')
      bucket?.insert({ name, content: Buffer.from(content), contentType: 'text/plain', metadata: {} })
    }
    return new Stage(simulator, { ...settings(simulator), ...env }, afflicted, countsIn(simulator))
  }

  /** One attempt at the run; with its faults, unless they are over. */
  async run({ faults = true, timeLimit = TIME_LIMIT }: RunOptions = {}): Promise<Heard> {
    this.afflicted.on = faults
    const reported: unknown[] = []
    const begun = performance.now()
    const answer = await called(this.env, TODAY, reported, timeLimit)
    return { ...this.#heard(answer, reported), milliseconds: performance.now() - begun }
  }

  stop(): Promise<void> {
    return this.simulator.stop()
  }

  #heard(
    { status, text }: { status: number; text: string },
    reported: readonly unknown[],
  ): Omit<Heard, 'milliseconds'> {
    const { simulator, before } = this
    const entries = simulator.logEntries().slice(before.entries)
    const records = (kind: string) =>
      entries.filter(({ labels }) => labels['record'] === kind).map(({ jsonPayload }) => jsonPayload)
    const messages = simulator.slackMessages().slice(before.messages)
    const files = simulator.slackFiles().slice(before.files)
    const objects = simulator.buckets.get('audits')?.list() ?? []
    const everything = [
      text,
      JSON.stringify([entries, messages, files.map(({ content }) => content.toString())]),
      ...objects.map(({ name, content }) => name + unpacked(content.subarray())),
      ...reported.map((error) => (error instanceof Error ? `${error.stack}` : String(error))),
    ].join('\n')
    return {
      status,
      body: JSON.parse(text),
      verdicts: Object.fromEntries(
        // biome-ignore lint/suspicious/noExplicitAny: as above
        records('key').map((record: any) => [idOf(record), record.verdict ?? record.change]),
      ),
      places: Object.fromEntries(
        // biome-ignore lint/suspicious/noExplicitAny: as above
        records('key').map((record: any) => [idOf(record), placesOf(record)]),
      ),
      runs: records('run'),
      gaps: records('gap'),
      digests: messages.filter(({ threadTs }) => threadTs === undefined).map((message) => message.text),
      replies: messages.filter(({ threadTs, files: its }) => threadTs !== undefined && its.length === 0)
        .length,
      files: files.length,
      isRemembered: objects.some(({ name }) => name.includes('2026-11-24') && name.endsWith('manifest.json')),
      everything,
      requests: simulator.requests,
      mostTaken: this.afflicted.mostTaken,
    }
  }
}

/** The last part of its name, which is the only one of its kind in the organization. */
function idOf({ key }: { readonly key: { readonly name: string } }): string {
  return key.name.slice(key.name.lastIndexOf('/') + 1)
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function placesOf({ key: { name, project } }: any): readonly string[] {
  return [name, `projects/${project.number}`, `projects/${project.id}`, ...(project.ancestors ?? [])]
}

function countsIn(simulator: Simulator) {
  return {
    messages: simulator.slackMessages().length,
    files: simulator.slackFiles().length,
    entries: simulator.logEntries().length,
  }
}

function gatesFor(
  faults: readonly string[],
  seed: number,
  afflicted: { readonly on: boolean },
): readonly Gate[] {
  const about = { now: () => new Date(TODAY), consumer: () => '1' }
  return faults.map((text, index): Gate => {
    const [rule] = faultRules([text], [text.split('=', 1)[0] ?? ''])
    if (rule === undefined) throw new Error(text)
    const gate = faultGate(rule, { ...about, seed: seed + index })
    return async (call, answer) => {
      if (!afflicted.on) return answer()
      return gate(call, answer)
    }
  })
}

function settings(simulator: Simulator): Record<string, string> {
  return {
    ...settingsFor(simulator),
    AUDIT_NAME: 'small',
    AUDIT_POLICY: 'gs://config/policy.yaml',
    AUDIT_ARCHIVE: 'gs://audits/runs',
    AUDIT_PACE: 'off',
    AUDIT_TIME_BUDGET: '1m',
  }
}

/** What the function answers to one POST at a moment; the framework around it is left out, for speed. */
async function called(
  env: Readonly<Record<string, string>>,
  now: string,
  reported: unknown[],
  timeLimit = TIME_LIMIT,
) {
  const report = (error: unknown) => reported.push(error)
  const handle = createHandler({ env, now: () => new Date(now), report, limits: limits(timeLimit) })
  const answer = { status: 200, text: '' }
  const response = {
    status(status: number) {
      answer.status = status
      return this
    },
    json(body: unknown) {
      answer.text = JSON.stringify(body)
    },
  }
  const request = { method: 'POST', get: () => undefined }
  await handle(request as unknown as Request, response as unknown as Response)
  return answer
}

let archive: Promise<readonly (readonly [name: string, content: Buffer])[]> | undefined

/** What the run of the day before left in the archive; made once. */
function earlier() {
  archive ??= (async () => {
    const simulator = await startSimulator({ world: organization(BEFORE), now: () => new Date(BEFORE) })
    try {
      const policy = {
        name: 'policy.yaml',
        content: Buffer.from(POLICY),
        contentType: 'text/plain',
        metadata: {},
      }
      simulator.buckets.get('config')?.insert(policy)
      await called(settings(simulator), BEFORE, [])
      const objects = simulator.buckets.get('audits')?.list() ?? []
      return objects.map(({ name, content }) => [name, content.subarray()] as const)
    } finally {
      await simulator.stop()
    }
  })()
  return archive
}

/** Notes how much of a stream is taken before its reader leaves. */
function counting(noted: { mostTaken: number }): Gate {
  return async (_call, answer) => {
    const outcome = await answer()
    if (!('body' in outcome) || !isStream(outcome.body)) return outcome
    const stream = outcome.body
    async function* counted() {
      let taken = 0
      for await (const chunk of stream) {
        taken += chunk.length
        noted.mostTaken = Math.max(noted.mostTaken, taken)
        yield chunk
      }
    }
    return { ...outcome, body: counted() }
  }
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}

/** A service that says more than it should: key strings in its answers, tokens in its errors. */
const spilling: Gate = async (call, answer) => {
  const outcome = await answer()
  if ('hangup' in outcome || !isJson(outcome.body)) return outcome
  const { error, keys } = outcome.body
  if (isObject(error)) {
    const message = `${error['message']} (Bearer ya29.${MARK}.abc, key ${KEY_STRING})`
    return { ...outcome, body: { ...outcome.body, error: { ...error, message } } }
  }
  if (call.operation === 'apikeys.keys.list' && Array.isArray(keys)) {
    const spilled = keys.map((key) => (isObject(key) ? { ...key, keyString: KEY_STRING } : key))
    return { ...outcome, body: { ...outcome.body, keys: spilled } }
  }
  return outcome
}

function unpacked(content: Buffer): string {
  return (content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content) : content).toString('utf8')
}
