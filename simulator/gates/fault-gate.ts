import { createHash } from 'node:crypto'
import type { Call, Gate } from '../wire/call.js'
import { randomOf } from '../world/random.js'
import type { FaultRule, Which } from './fault-rule.js'
import { FAULTS, limitPage, type Memory, restoreToken } from './faults.js'
import { isMeant } from './quotas.js'

export interface FaultOptions {
  /** What chance depends on; the same requests get the same faults, in whatever order they come. */
  readonly seed: number
  readonly now: () => Date
  /** The caller's project. */
  readonly consumer: () => string
}

/** Makes the fault of one rule. Rules stand behind each other: what one answers, the next does not see. */
export function faultGate(rule: FaultRule, { seed, now, consumer }: FaultOptions): Gate {
  const { operation, fault, settings } = rule
  const memory: Memory = new Map()
  const isHit = chooser(rule.which, seed)
  return async (call, answer) => {
    if (!isMeant(operation, call.operation) || !isOn(settings.on, call)) return answer()
    const hit = isHit(call)
    const pageToken = call.query.get('pageToken') ?? ''
    if (FAULTS[fault].settings.some((name) => name === 'page-size')) {
      restoreToken(call)
      limitPage(call, settings.pageSize)
    }
    if (!hit) return answer()
    const afflicted = { call, pageToken, answer, settings, memory, now: now(), consumer: consumer() }
    return FAULTS[fault].afflict(afflicted)
  }
}

/** Whether the address, decoded, has the text somewhere in it. */
function isOn(text: string | undefined, { path, query }: Call): boolean {
  return text === undefined || isMeant(`*${text}*`, `${decoded(path)}?${decoded(String(query))}`)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a stray % is data like any other
  }
}

function chooser(which: Which, seed: number): (call: Call) => boolean {
  let count = 0
  switch (which.kind) {
    case 'range':
      return () => {
        count += 1
        return count >= which.first && count <= which.last
      }
    case 'every':
      return () => {
        count += 1
        return count % which.step === 0
      }
    case 'chance':
      return byChance(which.percent, seed)
  }
}

/** The n-th time of the same request has the same chance in every run, whatever comes between. */
function byChance(percent: number, seed: number): (call: Call) => boolean {
  const times = new Map<string, number>()
  return ({ method, path, query }) => {
    const request = createHash('sha256').update(`${method} ${path}?${query}`).digest('base64')
    const time = (times.get(request) ?? 0) + 1
    times.set(request, time)
    return randomOf(seed, Buffer.from(request, 'base64').readInt32BE(), time)() * 100 < percent
  }
}
