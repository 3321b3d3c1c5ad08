import { FAULTS as FAULT_TABLE, isFaultName } from '../simulator/gates/faults.js'
import { QUOTAS } from '../src/google/quotas.js'
import { RETRY_POLICY } from '../src/google/retry.js'
import {
  CELLS,
  FAULTS,
  type FaultColumn,
  OUTCOMES,
  PASSING,
  ROWS,
  type Row,
  type RowName,
} from '../test/faults/matrix.js'
import { markdownTable } from './markdown.js'

const SHORT: Readonly<Record<keyof typeof OUTCOMES, string>> = {
  same: '=',
  note: 'note',
  gap: 'gap',
  failed: '**failed**',
  undelivered: 'undelivered',
}

const rowNames = Object.keys(ROWS) as RowName[]
const faultNames = Object.keys(FAULTS) as FaultColumn[]

/** The rows of some calls against some faults; a fault that a call cannot meet is a dash. */
function matrix(faults: readonly FaultColumn[]): string {
  const rows = rowNames.flatMap((name) => {
    const { call, purpose }: Row = ROWS[name]
    const cells = faults.map((fault) => CELLS.find((cell) => cell.row === name && cell.fault === fault))
    if (cells.every((cell) => cell === undefined)) return []
    return [[`${purpose}: \`${call}\``, ...cells.map((cell) => (cell ? SHORT[cell.outcome] : '–'))]]
  })
  return markdownTable(['call', ...faults.map((fault) => `\`${fault}\``)], rows)
}

function says(fault: FaultColumn): string {
  const name = FAULTS[fault].split(',', 1)[0] ?? ''
  const says = isFaultName(name) ? FAULT_TABLE[name].says : ''
  return fault === '429-after' ? `${says}, and for longer than there is time` : says
}

/** What a run does when something fails: the matrix that the tests go by, and the limits of trying again. */
export function reliabilityTables(): Readonly<Record<string, string>> {
  const { retries, first, longest, total } = RETRY_POLICY
  const wait = (milliseconds: number) => `${milliseconds / 1000} s`
  return {
    'smallest-quota': String(Math.min(...Object.values(QUOTAS).map(({ perMinute }) => perMinute))),
    retries: String(retries),
    'first-wait': wait(first),
    'longest-wait': wait(longest),
    'total-wait': wait(total),
    outcomes: markdownTable(
      ['outcome', 'meaning'],
      Object.entries(OUTCOMES).map(([name, meaning]) => [SHORT[name as keyof typeof OUTCOMES], meaning]),
    ),
    'faults-of-answers': matrix(faultNames.slice(0, 8)),
    'faults-of-content': matrix(faultNames.slice(8, 14)),
    'faults-of-pages': matrix(faultNames.slice(14)),
    faults: markdownTable(
      ['fault', 'what happens'],
      faultNames.map((fault) => [`\`${fault}\``, says(fault)]),
    ),
    'passing-faults': Object.values(PASSING)
      .map((what) => `- ${what}`)
      .join('\n'),
  }
}
