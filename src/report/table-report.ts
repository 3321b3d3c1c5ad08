import type { KeyRecord } from '../records/key-record.js'
import type { JudgedRunRecord } from '../records/run-record.js'
import { withVisibleControls } from '../records/visible-text.js'
import { newsBlocks, wholeBody } from './digest/body.js'
import { firstLine } from './digest/digest.js'
import type { DigestFacts } from './digest/facts.js'
import { newsOf } from './news/news.js'
import type { MessageBlock } from './slack/message-blocks.js'
import { linesOf } from './slack/plain-text.js'
import { type TableOptions, table } from './table.js'
import { counted } from './wording.js'

export interface ReportedRun extends Omit<DigestFacts, 'run'> {
  readonly record: JudgedRunRecord
  /** The keys of the table in their order: all affected ones, or the first `MOST_ROWS`. */
  readonly keys: readonly KeyRecord[]
}

/** Rows that somebody still reads on a terminal. */
export const MOST_ROWS = 1_000

/** A run for a terminal: the first line as in Slack, the keys, then what the digest says of the rest. */
export function tableReport({ record, keys, ...facts }: ReportedRun, options: TableOptions): string {
  const rest = Math.max(0, facts.affected.count - keys.length)
  const digested = { ...facts, run: record }
  const news = newsOf(digested)
  return [
    `${withVisibleControls(firstLine(digested, news))}\n`,
    ...newsBlocks(digested, news).map(textOf),
    ...(keys.length === 0 ? [] : [table(keys, options)]),
    ...(rest === 0 ? [] : [`and ${counted(rest, 'more key')}: --output csv=FILE has them all\n`]),
    ...wholeBody(digested).map(textOf),
  ].join('\n')
}

function textOf(part: MessageBlock): string {
  return `${linesOf(part).map(withVisibleControls).join('\n')}\n`
}
