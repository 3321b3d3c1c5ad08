/** Why a run failed, as data: `failureText` makes the text of its record of it. */
export interface Failure {
  /** Sentences, each with its end; or what introduces the problems, which ends with a colon. */
  readonly reason: string
  /** Where there are several. */
  readonly problems: readonly string[]
  /** What shows more than the failure says, such as the other rights that are missing. */
  readonly next?: string
}

/** What is recommended after a failure of which the doctor sees more. */
export function recommendingDoctor(scope: readonly string[]): string {
  const flag = scope.length === 0 ? '' : ` --scope ${scope.join(',')}`
  return `To see all that a run needs, and what is missing: npx gemini-key-audit doctor${flag}`
}

/** A failure as one text, problems a line each; what it recommends stands at its end. */
export function failureText({ reason, problems, next }: Failure): string {
  const lines = problems.map((problem) => `\n- ${problem}`).join('')
  const text = `${reason}${lines}`
  if (next === undefined) return text
  return `${text}${problems.length > 0 ? '\n' : ' '}${next}`
}

/** The same in a line. */
export function failureLine({ reason, problems }: Failure): string {
  return problems.length === 0 ? reason : `${reason} ${problems.join('; ')}.`
}

/** Why a run cannot start, whose configuration is wrong. */
export function misconfigured(problems: readonly string[]): Failure {
  const [only = ''] = problems
  const wrong = 'The configuration is wrong:'
  return problems.length === 1
    ? { reason: `${wrong} ${only}.`, problems: [] }
    : { reason: `${wrong} ${problems.length} problems:`, problems }
}
