/** What tokens, key strings and passwords in URLs look like; the part that is kept says what stood there. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/(?<![a-z])(xox[a-z]|xapp)-[^\s"',]*/gi, '$1-…'],
  [/(?<![A-Za-z])(AIza|AQ\.|ya29\.|ghp_|GOCSPX-)[\w.-]{6,}/g, '$1…'],
  [/\b(Bearer|Basic) [\w.~+/=-]+/gi, '$1 …'],
  [/(:\/\/)[^\s"/@]*@/g, '$1…@'],
  [/(?<=:\/\/[^\s"?#]*[?#])[^\s"]+/g, '…'],
]

/** The text without anything that looks like a secret: values are often put into the wrong variable. */
export function redacted(text: string): string {
  return SECRETS.reduce((shown, [pattern, kept]) => shown.replace(pattern, kept), text)
}

const LONG_WORD = /[\w+/=%.~-]{32,}/g
const OPAQUE_PART = /[\w+/=%~]{32}/

/**
 * A server's own words, as they may be shown: nothing in them is, or may be, a secret that it repeats. Takes time in
 * proportion to their length, which a server chooses.
 */
export function redactedWords(text: string): string {
  return redacted(text).replace(LONG_WORD, withoutOpaquePart)
}

/** Cuts a word where it is too long and too random for one: a token in base64, or in a form that nobody has thought of. */
function withoutOpaquePart(word: string): string {
  const start = word.search(OPAQUE_PART)
  const part = start < 0 ? '' : word.slice(start)
  const isOpaque = [/\d/, /[A-Z]/, /[a-z]/].every((kind) => kind.test(part))
  return isOpaque ? `${word.slice(0, start)}…` : word
}

/** The kinds of wrong configuration, and what each says. */
export const CONFIG_KINDS = {
  OPTION_WRONG: 'a flag or a variable is missing, or its value is not allowed',
  POLICY_UNREADABLE: 'the policy cannot be read',
  POLICY_WRONG: 'lines of the policy are wrong',
  NOTHING_REMEMBERED: 'the archive holds no audit',
  FILE_WRONG: 'a file that is to be compared with the archive cannot be read, or is by another program',
  WORLD_WRONG: 'the world or a fault of the simulator is wrong',
  CONFIGURATION: 'several things are wrong, each with a code of its own',
} as const
export type ConfigCode = keyof typeof CONFIG_KINDS

/** One thing that is wrong with the configuration, without a secret. */
export interface ConfigProblem {
  readonly code: ConfigCode
  readonly says: string
}

/**
 * What the operator has to change before a run can start: every problem at once, none with a secret.
 * Answers exit status 2 on the command line and 500 from the function.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  /** `sentences`: problems of one kind, without a full stop. `others`: those of other kinds. */
  constructor(code: ConfigCode, sentences: readonly string[], others: readonly ConfigProblem[] = []) {
    const all = [...sentences.map((says) => ({ code, says })), ...others]
    const problems = all.map((problem) => ({ code: problem.code, says: redacted(problem.says) }))
    const lines = problems.map(({ says }) => says)
    super(lines.length === 1 ? `${lines[0]}` : `${lines.length} problems:\n- ${lines.join('\n- ')}`)
    this.problems = problems
  }

  get sentences(): readonly string[] {
    return this.problems.map(({ says }) => says)
  }
}

/** What to do about a failure, as data: `adviceText` makes words of it. */
export interface Advice {
  /** Without a full stop at its end: `enable it`. */
  readonly say: string
  /** For the shell. Names that only an administrator knows stand in capitals. */
  readonly command?: string
  /** A page on which it is done, or which says more. */
  readonly url?: string
}

/** A failure as data: sentences are made of it where people read them. No text ends with a full stop. */
export interface Problem {
  /** Of the kind of failure, for queries and documents: `SERVICE_DISABLED`. */
  readonly code: string
  /** What was being done; the subject follows: `Listing the API keys of`. */
  readonly doing: string
  /** For what: `projects/1`, `gs://bucket/object`. */
  readonly subject: string
  readonly cause: string
  readonly advice: Advice
  /** The failure of the way that was tried first. */
  readonly before?: Problem
}

/** Why something failed and what to do, of an error whose message is a sentence of them. */
export type Explanation = Pick<Problem, 'code' | 'cause' | 'advice'>

/** A failed request, or what is wrong with an answer: the cause then says it all. */
export type Stated = Problem | (Pick<Problem, 'code' | 'cause' | 'advice'> & { readonly doing?: undefined })

/** By what failures of one cause are recognized: all that their sentences say but for the name of the subject. */
export interface Fingerprint {
  /** What was asked, and what was wrong with the answer. */
  readonly parts: readonly (string | number)[]
  /** The project that the request was charged to: the subject's own makes no difference. */
  readonly chargedTo?: string
  /** A server's own words, which may name the subject. */
  readonly words?: string
}

/** The message of an error that is explained. */
export function explanationText({ cause, advice }: Explanation): string {
  return `${cause}; ${adviceText(advice)}.`
}

/** `enable it: gcloud services enable …`. */
export function adviceText({ say, command, url }: Advice): string {
  return [say, command ?? url].filter((part) => part !== undefined).join(': ')
}

/** What was being done, for what, and why it failed. */
export function becauseText(problem: Stated): string {
  if (problem.doing === undefined) return problem.cause
  const { doing, subject, cause, before } = problem
  const why = `${doing} ${subject} failed: ${cause}`
  return before === undefined ? why : `${becauseText(before)} (${before.code}), and then: ${why}`
}

/** What to do: one advice, or one for each way where two were tried. */
export function advicesOf(problem: Stated): readonly Advice[] {
  if (problem.doing === undefined || problem.before === undefined) return [problem.advice]
  return [...advicesOf(problem.before), problem.advice]
}

/** What to do, of both ways where two were tried. */
export function fixText(problem: Stated): string {
  return advicesOf(problem).map(adviceText).join('; or ')
}

/** The whole sentence, without its full stop. */
export function problemText(problem: Problem): string {
  return `${becauseText(problem)} (${problem.code}); ${fixText(problem)}`
}

/** Another way that was taken where one failed. */
export interface Workaround {
  readonly problem: Problem
  /** What is done instead: `its keys are read project by project instead`. */
  readonly instead: string
  /** What following the advice makes possible: `read assets`. */
  readonly goal: string
  /** What has to be done besides. */
  readonly besides?: Advice | undefined
}

/** What reports say of how a reading went: a sentence, or a workaround as data. */
export type Remark = string | Workaround

export function remarkText(remark: Remark): string {
  if (typeof remark === 'string') return remark
  const { problem, instead, goal, besides } = remark
  const more = besides === undefined ? '' : `; and ${adviceText(besides)}`
  return `${becauseText(problem)}; ${instead}. To ${goal}: ${fixText(problem)}${more}`
}

/** The code of an error of the system or of Node, such as `ENOENT`: its message may hold more than may be shown. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
