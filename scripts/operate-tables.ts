import { readFileSync } from 'node:fs'
import { EXIT } from '../src/commands/terminal.js'
import { Refusal } from '../src/config/option-parsers.js'
import { OPTIONS, type Option } from '../src/config/options.js'
import { loggingError } from '../src/deliver/logging-error.js'
import { REFUSALS, slackError } from '../src/deliver/slack/error.js'
import { adviceText, CONFIG_KINDS, ConfigError } from '../src/errors.js'
import { CALLS } from '../src/google/calls.js'
import { ERROR_KINDS } from '../src/google/error-kinds.js'
import { ApiError } from '../src/google/errors.js'
import { mayPass } from '../src/google/retry.js'
import { noProject, searchIncomplete } from '../src/inventory/gap-causes.js'
import type { Day } from '../src/model.js'
import { parsePolicy } from '../src/policy/file.js'
import { recommendingDoctor } from '../src/records/recommendation.js'
import { markdownTable } from './markdown.js'

/** Every message of the program with its cause and its cure, and the exit statuses. */
export function operateTables(): Readonly<Record<string, string>> {
  return {
    'exit-statuses': markdownTable(
      ['status', 'when'],
      [
        [EXIT.done, 'done'],
        [EXIT.failed, 'failed'],
        [EXIT.usage, 'wrong usage or configuration'],
        [EXIT.found, 'something named by `--fail-on` was found, or `verify` found a break'],
      ].map((cells) => cells.map(String)),
    ),
    'doctor-advice': `> ${adviceText(recommendingDoctor(['organizations/123456789012']))}`,
    'google-refusals': markdownTable(['code', 'why', 'what to do', 'again'], googleRows()),
    'slack-refusals': markdownTable(['code', 'message'], slackRows()),
    'logging-refusals': markdownTable(['status', 'code', 'message'], loggingRows()),
    'archive-refusals': markdownTable(
      ['code', 'message', 'why', 'what to do'],
      ARCHIVE_MESSAGES.map(([code, ...cells]) => [code === 'none' ? '–' : `\`${code}\``, ...cells]),
    ),
    'configuration-codes': markdownTable(
      ['code', 'when'],
      Object.entries(CONFIG_KINDS).map(([code, when]) => [`\`${code}\``, when]),
    ),
    'option-refusals': markdownTable(['option', 'message for a value that is not allowed'], optionRows()),
    'policy-refusals': `\`\`\`text\n${policyMessages()}\n\`\`\``,
  }
}

/** What an archive says, as it stands in the code, by the codes of its errors, with causes and cures. What is only passed over has none. */
export const ARCHIVE_MESSAGES: readonly (readonly [
  code: string,
  message: string,
  why: string,
  todo: string,
])[] = [
  [
    'DIRECTORY_UNUSABLE',
    'name a directory that this process may write to with',
    'the directory is missing, read-only or full; the code in brackets is the system’s',
    'give the process that right, or name another directory',
  ],
  [
    'DAMAGED_ARCHIVE',
    'its digest is not that of its manifest',
    'the records of a run were changed after they were written',
    'find out who may write there and did; restore the object, or pass over the run with `verify --from`',
  ],
  [
    'DAMAGED_ARCHIVE',
    'its digest is not that of its content',
    'a manifest was changed after it was written',
    'the same; the next run names it and compares with the run before',
  ],
  [
    'NEWER_FORMAT',
    'and this version reads format',
    'the program was rolled back behind a change of the archive’s format',
    'deploy the newer version again, or give the older one a new AUDIT_NAME',
  ],
  [
    'none',
    'it is no claim or mark of this program',
    'something else writes into the archive',
    'find out what, and give the archive a place of its own',
  ],
  [
    'FOLDER_FULL',
    'each name of its manifest is taken',
    'something else has written manifests into the folder of the run',
    'find out what, and give the archive a place of its own',
  ],
  [
    'CLAIM_LOST',
    'another attempt has taken it over',
    'this attempt was held up for so long that its claim ran out',
    'nothing: the other attempt delivers',
  ],
  [
    'STILL_CLAIMED',
    'Waiting for another attempt at the same run to deliver to',
    'two attempts work at the same time, and the other has not finished',
    'nothing: Cloud Scheduler tries again',
  ],
]

function googleRows(): string[][] {
  const rows = [...ERROR_KINDS.keys()].map((reason) => {
    const sample = sampleOf(reason)
    return [`\`${reason}\``, sample.problem.cause, sample.fix, mayPass(sample) ? 'yes' : '']
  })
  const own = [
    { ...noProject('SCOPE'), more: '; an empty folder is named under `known-gaps`' },
    { ...searchIncomplete('SCOPE', 'NUMBER'), more: '' },
  ].map(({ problem: { code, cause, advice }, more }) => [
    `\`${code}\``,
    cause,
    `${adviceText(advice)}${more}`,
    '',
  ])
  return [...rows, ...own]
}

/** HTTP statuses that come with a reason, where they say whether it may pass. */
const STATUSES: Readonly<Record<string, number>> = {
  RESOURCE_EXHAUSTED: 429,
  RATE_LIMIT_EXCEEDED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
}
const FORBIDDEN = 403
const UNANSWERED = /^E[A-Z]|TIMEOUT|CREDENTIALS|DAMAGED|INCOMPLETE|OUT_OF_TIME|STOPPED|NO_ANSWER/

function sampleOf(reason: string): ApiError {
  const isObject = reason === 'DAMAGED_OBJECT' || reason === 'INCOMPLETE_EXPORT'
  const [call, subject] = isObject
    ? [CALLS.readExport, 'gs://acme-exports/audit']
    : [CALLS.listKeys, 'projects/123']
  const status = UNANSWERED.test(reason) ? undefined : (STATUSES[reason] ?? FORBIDDEN)
  const perimeter = reason === 'SECURITY_POLICY_VIOLATED' && { perimeterId: 'a1b2c3' }
  return new ApiError(call, subject, { reason, consumer: '456', ...(status && { status }), ...perimeter })
}

function slackRows(): string[][] {
  const doing = (code: string, needed?: string) =>
    slackError({ kind: 'refused', code, ...(needed && { needed }) }, 'slack:C0123ABCD', 'Posting the digest')
  const unclear = slackError(
    { kind: 'unclear', code: 'TimeoutError' },
    'slack:C0123ABCD',
    'Posting the digest',
  )
  const limited = slackError({ kind: 'limited', seconds: 30 }, 'slack:C0123ABCD', 'Posting the digest')
  const unsent = slackError({ kind: 'unsent', code: 'ECONNREFUSED' }, 'slack:C0123ABCD', 'Posting the digest')
  const lost = slackError({ kind: 'lost' }, 'slack:C0123ABCD', 'Posting reply 1 of 8 under the digest')
  return [
    ...[...REFUSALS.keys()].map((code) => [`\`${code}\``, doing(code).message]),
    ['`missing_scope`', doing('missing_scope', 'files:write').message],
    ['`ratelimited`', limited.message],
    ...[unsent, unclear, lost].map(({ message, explanation }) => [`\`${explanation.code}\``, message]),
    ['any other', doing('something_else').message],
  ]
}

/** @see https://grpc.io/docs/guides/status-codes/ */
const LOGGING_STATUSES = [3, 4, 5, 7, 8, 13, 14, 16]

function loggingRows(): string[][] {
  const to = 'logging:projects/acme-key-audit/logs/gemini-key-audit'
  const refusals = LOGGING_STATUSES.map((code) => ({ code }))
  return [...refusals, { code: 7, reason: 'SERVICE_DISABLED' }, {}].map((refusal) => {
    const { message, explanation } = loggingError({ message: "Google's own words", ...refusal }, to)
    return [String('code' in refusal ? refusal.code : '–'), `\`${explanation.code}\``, message]
  })
}

function optionRows(): string[][] {
  return Object.values(OPTIONS).flatMap((option: Option<unknown>) => {
    const refusal = refusalOf(option)
    const name = `\`${option.variable}\`${option.flag === undefined ? '' : ` (\`${option.flag}\`)`}`
    return refusal === undefined ? [] : [[name, `… ${refusal}`]]
  })
}

function refusalOf({ parse }: Option<unknown>): string | undefined {
  try {
    parse('\u0000')
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

const WRONG = 'test/policy/wrong.policy.yaml'

function policyMessages(): string {
  try {
    parsePolicy(readFileSync(WRONG, 'utf8'), 'policy.yaml', '2026-11-23' as Day)
  } catch (error) {
    if (error instanceof ConfigError) return error.sentences.join('\n')
    throw error
  }
  throw new Error(`${WRONG} has nothing wrong with it`)
}
