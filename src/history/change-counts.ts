import type { Knowledge } from '../memory/knowledge.js'
import { AFFECTED_VERDICTS, RULED_VERDICTS } from '../model.js'
import type { JudgedKey } from '../policy/judgement-types.js'
import { trafficOf } from '../policy/traffic.js'
import { hasStopped } from '../policy/traffic-classes.js'
import { ChangeTally } from '../records/change-tally.js'
import { isFixed, recordsFix } from '../records/fixes.js'
import type { GoneRecord } from '../records/gone-record.js'
import type { KeyHistory } from '../records/key-record.js'
import type { Changes } from '../records/run-record.js'

/** Projects that are named one by one. */
const NAMED = 100

/** What has changed since the earlier run, counted as keys are compared. */
export class ChangeCounts {
  readonly #tally = new ChangeTally()
  readonly #newlyEnabled = new Map<string, number>()
  #newStandardKeys = 0

  key(judged: JudgedKey, { change, changeCause }: KeyHistory, known: Knowledge | undefined): void {
    if (mayHaveStopped(judged, known)) this.#tally.stop(trafficOf(judged.facts))
    if (change === undefined || change === 'same') return
    const { verdict } = judged.judgement
    if (change === 'new' && changeCause === 'key' && isLiveStandard(judged)) this.#newStandardKeys += 1
    const before = known?.last?.verdict
    this.#tally.change(change, isFixed({ was: before, is: verdict, cause: changeCause }))
    if (before === 'latent' && changeCause === 'project' && RULED_VERDICTS.includes(verdict)) {
      const { id } = judged.facts.project
      this.#newlyEnabled.set(id, (this.#newlyEnabled.get(id) ?? 0) + 1)
    }
  }

  gone(record: GoneRecord): void {
    this.#tally.change('gone', recordsFix(record))
  }

  /** The counts for the run record. */
  since(run: NonNullable<Changes['since']>): Changes {
    const enabled = [...this.#newlyEnabled].map(([project, keys]) => ({ project, keys })).sort(byKeys)
    return {
      since: run,
      ...this.#tally.counts,
      ...(this.#newStandardKeys === 0 ? {} : { newStandardKeys: this.#newStandardKeys }),
      ...(enabled.length === 0 ? {} : { newlyEnabled: enabled.slice(0, NAMED) }),
    }
  }
}

/** What stopped since the run before; where that run did not know the traffic, it may have. */
function mayHaveStopped({ facts, judgement }: JudgedKey, known: Knowledge | undefined): boolean {
  if (!AFFECTED_VERDICTS.includes(judgement.verdict)) return false
  return hasStopped(trafficOf(facts)) && (known?.traffic === undefined || !hasStopped(known.traffic))
}

function isLiveStandard({ facts, judgement }: JudgedKey): boolean {
  return facts.type === 'standard' && judgement.verdict !== 'deleted'
}

function byKeys(
  one: { readonly project: string; readonly keys: number },
  other: { readonly project: string; readonly keys: number },
): number {
  return other.keys - one.keys || (one.project < other.project ? -1 : 1)
}
