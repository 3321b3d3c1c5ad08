import type { KeyFacts, Step } from '../../model.js'
import { mayMean, trafficOf } from '../traffic.js'
import { trafficClass } from '../traffic-classes.js'

/**
 * Where to look before anything is changed, for a key that worked and does not, or hardly does: a new key does
 * not help where the credit, the project or the model is the cause.
 */
export function lookFirst(facts: KeyFacts): readonly Step[] {
  if (trafficClass(trafficOf(facts)).state === 'never-works') return []
  return mayMean(facts).map(({ code, say, look, url }) => ({
    say: `Look first, since its calls are answered ${code}: ${say}. See ${look}.`,
    ...(url !== undefined && { url }),
  }))
}
