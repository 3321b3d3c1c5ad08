import { setTimeout as sleep } from 'node:timers/promises'
import type { Gate } from '../wire/call.js'
import { randomOf } from '../world/random.js'

export interface Latency {
  readonly milliseconds: number
  /** Up to so many milliseconds more, by chance. */
  readonly jitter?: number
  /** What the chance depends on. */
  readonly seed?: number
}

/** Holds every answer back for a while; when a request arrived counts for quotas, not when it is answered. */
export function latencyGate({ milliseconds, jitter = 0, seed = 0 }: Latency): Gate {
  const random = randomOf(seed)
  return async (_call, answer) => {
    const outcome = await answer()
    await sleep(milliseconds + jitter * random())
    return outcome
  }
}
