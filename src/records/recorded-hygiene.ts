import type { Day } from '../model.js'
import { type ControlName, controlsNamed, type Standard } from '../policy/controls.js'
import { HYGIENE_TABLE, type HygieneRule, type HygieneSeverity } from '../policy/hygiene.js'
import type { JudgedKey, Step } from '../policy/judgement-types.js'

/** What else is to be looked at: a finding that is no deadline. */
export interface RecordedHygiene {
  /** Which one. */
  readonly id: HygieneRule
  /** How bad it is. */
  readonly severity: HygieneSeverity
  /** One sentence: which facts make it apply. */
  readonly because: string
  /** Controls of standards whose text fits it. */
  readonly controls: readonly RecordedControl[]
  /** What is to be done, step by step. */
  readonly steps: readonly Step[]
  /** The exemption that holds for it, where one does: it is not counted then. */
  readonly exemption?: {
    /** Last day on which it holds. */
    readonly until: Day
    /** Why, as the policy says. */
    readonly reason: string
    /** Who approved it, as the policy says. */
    readonly approvedBy: string
  }
}

export interface RecordedControl {
  /** The standard that has it. */
  readonly standard: Standard
  /** The edition of the standard by which it is numbered. */
  readonly version: string
  /** Its number there. */
  readonly id: string
}

/** What is to be looked at on a judged key, with its steps. */
export function recordedHygiene({ judgement, hygieneSteps }: JudgedKey): {
  readonly hygiene?: readonly RecordedHygiene[]
} {
  if (judgement.hygiene === undefined) return {}
  return {
    hygiene: judgement.hygiene.map((finding) => ({
      ...finding,
      controls: controlsOf(HYGIENE_TABLE[finding.id]),
      steps: hygieneSteps(finding.id),
    })),
  }
}

/** The controls of a rule, or of a row of hygiene, as records have them. */
export function controlsOf({
  controls,
}: {
  readonly controls: readonly ControlName[]
}): readonly RecordedControl[] {
  return controlsNamed(controls).map(({ standard, version, id }) => ({ standard, version, id }))
}
