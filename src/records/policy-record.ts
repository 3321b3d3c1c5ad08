import type { Run } from '../model.js'
import { sha256 } from './canonical.js'
import { headOf, type RecordHead } from './head.js'

/** The policy as it was read, word for word: written when it changed and in the first run of a month. */
export interface PolicyRecord extends RecordHead<'policy'> {
  /** Of the whole text. */
  readonly sha256: string
  /** The file or object that the policy was read from. */
  readonly source: string
  /** The policy, word for word. */
  readonly text: string
  /** Present when the text needs several records: which one this is, from 1, and how many there are. */
  readonly part?: number
  /** Of how many records the text consists. */
  readonly parts?: number
}

/** Characters of one record's text: six bytes each in JSON at the most, which fits a log entry. */
const PART = 32_000

/** One record, or several where the text is longer than a log entry; joined, the parts are the text. */
export function policyRecords(
  policy: { readonly source: string; readonly text: string },
  run: Run,
): readonly PolicyRecord[] {
  const digest = sha256(policy.text)
  const parts = partsOf(policy.text)
  return parts.map((text, index) => ({
    ...headOf('policy', run),
    sha256: digest,
    source: policy.source,
    text,
    ...(parts.length === 1 ? {} : { part: index + 1, parts: parts.length }),
  }))
}

function partsOf(text: string): readonly string[] {
  const parts: string[] = []
  for (let rest = text; parts.length === 0 || rest !== ''; ) {
    const end = /[\uD800-\uDBFF]$/.test(rest.slice(0, PART)) ? PART - 1 : PART
    parts.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return parts
}
