import { type Advice, adviceText, type ConfigProblem } from '../errors.js'

/** Why a run failed, as data: `failureText` makes the text of its record of it. */
export interface Failure {
  /** Of the kind of failure; where there are several problems, each has its own. */
  readonly code: string
  /** Sentences, each with its end; or what introduces the problems, which ends with a colon. */
  readonly reason: string
  /** Where there are several. */
  readonly problems: readonly ConfigProblem[]
  /** What shows more than the failure says, such as the other rights that are missing. */
  readonly next?: Advice
}

/** What is recommended after a failure of which the doctor sees more. */
export function recommendingDoctor(scope: readonly string[]): Advice {
  const flag = scope.length === 0 ? '' : ` --scope ${scope.join(',')}`
  return {
    say: 'To see all that a run needs, and what is missing',
    command: `npx gemini-key-audit doctor${flag}`,
  }
}

/** A failure as one text, problems a line each; what it recommends stands at its end. */
export function failureText({ reason, problems, next }: Omit<Failure, 'code'>): string {
  const lines = problems.map(({ says }) => `\n- ${says}`).join('')
  const text = `${reason}${lines}`
  if (next === undefined) return text
  return `${text}${problems.length > 0 ? '\n' : ' '}${adviceText(next)}`
}

/** The same in a line. */
export function failureLine({ reason, problems }: Failure): string {
  return problems.length === 0 ? reason : `${reason} ${problems.map(({ says }) => says).join('; ')}.`
}

/** Why a run cannot start, whose configuration is wrong. */
export function misconfigured(problems: readonly ConfigProblem[]): Failure {
  const [only] = problems
  const wrong = 'The configuration is wrong:'
  return only !== undefined && problems.length === 1
    ? { code: only.code, reason: `${wrong} ${only.says}.`, problems: [] }
    : { code: 'CONFIGURATION', reason: `${wrong} ${problems.length} problems:`, problems }
}
