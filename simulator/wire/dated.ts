import type { Gate } from './call.js'

/** Says in each answer when it was given, by the simulated clock; a gate inside may have said otherwise. */
export function dated(now: () => Date): Gate {
  return async (_call, answer) => {
    const outcome = await answer()
    if ('hangup' in outcome) return outcome
    return { ...outcome, headers: { date: now().toUTCString(), ...outcome.headers } }
  }
}
