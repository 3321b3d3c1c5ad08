import { stringify } from 'csv-stringify/sync'
import { controlText } from '../policy/controls.js'
import { partlyFailingText } from '../policy/traffic-classes.js'
import { openFindings, openHygiene, pressingFinding } from '../records/findings.js'
import type { KeyRecord, RecordedFinding } from '../records/key-record.js'
import type { RecordedUsage } from '../records/recorded-usage.js'
import { withVisibleControlsInData } from '../records/visible-text.js'
import { rolesText } from './key-words.js'

type Cell = string | number
type Row = (Cell | undefined)[]

/** Rows that are made at once. */
const BATCH = 256

interface Column {
  readonly name: string
  /** The field of the key record, where it has another name there. */
  readonly field?: string
  readonly of: (record: KeyRecord) => Cell | undefined
  /** Whether it holds commands, which are shown as they are or not at all. */
  readonly isCommands?: true
}

/** The columns in their order: the record's facts, and of its findings the most pressing one. */
export const CSV_COLUMNS: readonly Column[] = [
  { name: 'audit', of: (record) => record.audit },
  { name: 'run', of: (record) => record.run },
  { name: 'asOf', of: (record) => record.asOf },
  { name: 'verdict', of: (record) => record.verdict },
  {
    name: 'ifStandard',
    of: (record) => record.ifStandard,
  },
  {
    name: 'rules',
    field: 'findings[].rule, those that ask for something',
    of: (record) =>
      openFindings(record)
        .map(({ rule }) => rule)
        .join(' '),
  },
  {
    name: 'deadline',
    field: 'findings[].deadline of the most pressing one',
    of: (record) => pressingFinding(record)?.deadline,
  },
  { name: 'status', field: 'findings[].status of the same', of: (record) => pressingFinding(record)?.status },
  {
    name: 'daysLeft',
    field: 'findings[].daysLeft of the same',
    of: (record) => pressingFinding(record)?.daysLeft,
  },
  { name: 'displayName', field: 'key.displayName', of: ({ key }) => key.displayName },
  { name: 'name', field: 'key.name', of: ({ key }) => key.name },
  { name: 'uid', field: 'key.uid', of: ({ key }) => key.uid },
  { name: 'project', field: 'key.project.id', of: ({ key }) => key.project.id },
  { name: 'projectNumber', field: 'key.project.number', of: ({ key }) => key.project.number },
  { name: 'owner', field: 'key.project.owner', of: ({ key }) => key.project.owner },
  { name: 'ancestors', field: 'key.project.ancestors', of: ({ key }) => key.project.ancestors.join(' ') },
  { name: 'type', field: 'key.type', of: ({ key }) => key.type },
  { name: 'serviceAccountEmail', field: 'key.serviceAccountEmail', of: ({ key }) => key.serviceAccountEmail },
  { name: 'apiRestriction', field: 'key.apiRestriction', of: ({ key }) => key.apiRestriction },
  {
    name: 'apiTargets',
    field: 'key.apiTargets[].service',
    of: ({ key }) => key.apiTargets.map(({ service }) => service).join(' '),
  },
  { name: 'clientRestriction', field: 'key.clientRestriction', of: ({ key }) => key.clientRestriction },
  {
    name: 'allowedClients',
    field: 'key.allowedClients',
    of: ({ key }) => key.allowedClients?.join(' '),
  },
  { name: 'allowedClientCount', field: 'key.allowedClientCount', of: ({ key }) => key.allowedClientCount },
  { name: 'geminiAccess', of: (record) => record.geminiAccess },
  { name: 'dormant', of: (record) => String(record.dormant) },
  {
    name: 'usageUnknown',
    field: 'usage.unknown',
    of: ({ usage }) => ('unknown' in usage ? usage.unknown : undefined),
  },
  {
    name: 'usageSince',
    field: 'usage.since',
    of: ({ usage }) => known(usage)?.since,
  },
  {
    name: 'traffic',
    field: 'usage.traffic',
    of: ({ usage }) => known(usage)?.traffic,
  },
  { name: 'accepted', field: 'usage.gemini.accepted', of: ({ usage }) => calls(usage)?.accepted },
  { name: 'refused', field: 'usage.gemini.refused', of: ({ usage }) => calls(usage)?.refused },
  { name: 'failed', field: 'usage.gemini.failed', of: ({ usage }) => calls(usage)?.failed },
  {
    name: 'acceptedLately',
    field: 'usage.gemini.acceptedLately',
    of: ({ usage }) => calls(usage)?.acceptedLately,
  },
  { name: 'lastAccepted', field: 'usage.gemini.lastAccepted', of: ({ usage }) => calls(usage)?.lastAccepted },
  { name: 'lastRefused', field: 'usage.gemini.lastRefused', of: ({ usage }) => calls(usage)?.lastRefused },
  {
    name: 'lastAcceptedSeen',
    field: 'usage.gemini.lastAcceptedSeen',
    of: ({ usage }) => calls(usage)?.lastAcceptedSeen,
  },
  {
    name: 'services',
    field: 'usage.services',
    of: ({ usage }) => known(usage)?.services.join(' '),
  },
  {
    name: 'lastRequest',
    field: 'usage.lastRequest',
    of: ({ usage }) => known(usage)?.lastRequest,
  },
  { name: 'refusedLately', field: 'usage.lately.refused', of: ({ usage }) => known(usage)?.lately?.refused },
  { name: 'failedLately', field: 'usage.lately.failed', of: ({ usage }) => known(usage)?.lately?.failed },
  {
    name: 'codesLately',
    field: 'usage.lately.codes, each with its calls',
    of: ({ usage }) =>
      Object.entries(known(usage)?.lately?.codes ?? {})
        .map(([code, count]) => `${code}:${count}`)
        .join(' '),
  },
  { name: 'stoppedOn', field: 'usage.stoppedOn', of: ({ usage }) => known(usage)?.stoppedOn },
  { name: 'lostWeekly', field: 'usage.lostWeekly', of: ({ usage }) => known(usage)?.lostWeekly },
  {
    name: 'partlyFailing',
    field: 'usage.partlyFailing, in words',
    of: ({ usage }) => {
      const failing = known(usage)?.partlyFailing
      return failing && partlyFailingText(failing)
    },
  },
  {
    name: 'mayMean',
    field: 'usage.mayMean[], code and say',
    of: ({ usage }) =>
      known(usage)
        ?.mayMean?.map(({ code, say }) => `${code}: ${say}`)
        .join('; '),
  },
  { name: 'notes', of: ({ notes }) => notes.join(' ') },
  { name: 'exemptRules', field: 'exemption.rules', of: ({ exemption }) => exemption?.rules.join(' ') },
  { name: 'exemptUntil', field: 'exemption.until', of: ({ exemption }) => exemption?.until },
  { name: 'change', of: (record) => record.change },
  { name: 'changeCause', of: (record) => record.changeCause },
  { name: 'previousVerdict', of: (record) => record.previousVerdict },
  { name: 'previousTraffic', of: (record) => record.previousTraffic },
  { name: 'firstSeen', of: (record) => record.firstSeen },
  { name: 'overdueSince', of: (record) => record.overdueSince },
  { name: 'createTime', field: 'key.createTime', of: ({ key }) => key.createTime },
  { name: 'ageDays', field: 'key.ageDays', of: ({ key }) => key.ageDays },
  { name: 'updateTime', field: 'key.updateTime', of: ({ key }) => key.updateTime },
  { name: 'deleteTime', field: 'key.deleteTime', of: ({ key }) => key.deleteTime },
  { name: 'impact', of: (record) => record.impact },
  { name: 'action', field: 'remedy.action', of: ({ remedy }) => remedy.action },
  {
    name: 'steps',
    field: 'remedy.steps[].say',
    of: ({ remedy }) => remedy.steps.map(({ say }) => say).join(' '),
  },
  {
    name: 'commands',
    field: 'remedy.steps[].command',
    of: ({ remedy }) => remedy.steps.flatMap(({ command = [] }) => command).join('\n'),
    isCommands: true,
  },
  {
    name: 'controls',
    field: 'findings[].controls[] of those that ask for something, and hygiene[].controls[], each once',
    of: (record) =>
      [...new Set([...openFindings(record), ...openHygiene(record)].flatMap(controlNames))].join('; '),
  },
  {
    name: 'hygiene',
    field: 'hygiene[].id of what is not exempt',
    of: (record) =>
      openHygiene(record)
        .map(({ id }) => id)
        .join(' '),
  },
  {
    name: 'hygieneExempt',
    field: 'hygiene[].id of what is exempt, and until when',
    of: ({ hygiene }) =>
      hygiene
        ?.flatMap(({ id, exemption }) => (exemption === undefined ? [] : `${id} ${exemption.until}`))
        .join('; '),
  },
  {
    name: 'hygieneBecause',
    field: 'hygiene[].because of what is not exempt',
    of: (record) =>
      openHygiene(record)
        .map(({ because }) => because)
        .join(' '),
  },
  {
    name: 'hygieneSteps',
    field: 'hygiene[].steps[].say of the same',
    of: (record) =>
      openHygiene(record)
        .flatMap(({ steps }) => steps.map(({ say }) => say))
        .join(' '),
  },
  {
    name: 'hygieneCommands',
    field: 'hygiene[].steps[].command of the same',
    of: (record) =>
      openHygiene(record)
        .flatMap(({ steps }) => steps.flatMap(({ command = [] }) => command))
        .join('\n'),
    isCommands: true,
  },
  { name: 'accountState', field: 'account.state', of: ({ account }) => account?.state },
  { name: 'accountReach', field: 'account.reach', of: ({ account }) => account?.reach },
  {
    name: 'accountRoles',
    field: 'account.roles[] and account.moreRoles, in words',
    of: ({ account }) => account && rolesText(account),
  },
  { name: 'accountKeys', field: 'account.keys', of: ({ account }) => account?.keys },
  { name: 'probablyReplacedBy', field: 'replacement.key', of: ({ replacement }) => replacement?.key },
  { name: 'replacedBecause', field: 'replacement.because', of: ({ replacement }) => replacement?.because },
]

/**
 * The keys as CSV in UTF-8, a line each ended by LF, after a line of column names. Cells that a spreadsheet
 * would take for a formula are defused by an apostrophe; control characters are shown as `\u001b`.
 */
export async function* csv(
  records: Iterable<KeyRecord> | AsyncIterable<KeyRecord>,
): AsyncGenerator<string, void, undefined> {
  yield text([CSV_COLUMNS.map(({ name }) => name)])
  let rows: Row[] = []
  for await (const record of records) {
    rows.push(CSV_COLUMNS.map((column) => shownCell(column, record)))
    if (rows.length < BATCH) continue
    yield text(rows)
    rows = []
  }
  if (rows.length > 0) yield text(rows)
}

/** `escape_formulas` leaves negative numbers alone, which are none. */
function text(rows: Row[]): string {
  return stringify(rows, { escape_formulas: true })
}

function controlNames({ controls = [] }: Pick<RecordedFinding, 'controls'>): readonly string[] {
  return controls.map(controlText)
}

function known(usage: RecordedUsage) {
  return 'unknown' in usage ? undefined : usage
}

function calls(usage: RecordedUsage) {
  return known(usage)?.gemini
}

function shownCell({ of, isCommands }: Column, record: KeyRecord): Cell | undefined {
  const cell = of(record)
  if (typeof cell !== 'string') return cell
  if (!isCommands) return withVisibleControlsInData(cell).replace(INNER_FORMULA, "$1'")
  return FORMULA_IN_COMMAND.test(cell) ? SEE_RECORD : withVisibleControlsInData(cell)
}

const SEE_RECORD = '(not safe in a spreadsheet: see the record of the key)'

/**
 * Where a spreadsheet would begin another cell if it separates by semicolons or tabs, as those of many
 * countries do, and take what follows for a formula.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const INNER_FORMULA = /([;\t\r\n])(?="*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g

/** The same in a command: its own lines may begin with a hyphen, and an apostrophe would make another command of it. */
const FORMULA_IN_COMMAND = /[;\t\r]"*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|\n[=+@]/
