import { type Use, useOf } from '../../records/affected.js'
import { openHygiene, strictestFinding } from '../../records/findings.js'
import type { KeyRecord } from '../../records/key-record.js'
import type { Tile } from '../news/summary.js'

/**
 * What a key is in the report's table, those first that do not work any more: each key of the table is in one group, and the keys of a
 * tile are the group of the tile.
 */
export const GROUPS = {
  stopped: { tile: 'stopped', label: 'Stopped working' },
  'not-working': { tile: 'stoppedEarlier', label: 'Not working' },
  'in-use': { tile: 'inUsePastDeadline', label: 'In use' },
  unused: { tile: 'overdueUnused', label: 'Unused' },
  'not-known': { tile: 'overdueNotKnown', label: 'Traffic not known' },
  due: { tile: 'due', label: 'Due' },
  unjudged: { tile: 'unjudged', label: 'Not judged' },
  exempt: { tile: 'exempt', label: 'Exempt' },
  'to-look-at': { tile: 'toLookAt', label: 'To look at' },
  off: { tile: undefined, label: 'API is off' },
} as const satisfies Readonly<
  Record<string, { readonly tile: Tile['name'] | undefined; readonly label: string }>
>

export type Group = keyof typeof GROUPS

export const GROUP_NAMES = Object.keys(GROUPS) as readonly Group[]

const OVERDUE: Readonly<Record<Use, Group>> = {
  stopped: 'stopped',
  'stopped-earlier': 'not-working',
  'in-use': 'in-use',
  unused: 'unused',
  'not-known': 'not-known',
}

/** The group of a key that the table has: an affected, exempt or latent one, or one to look at. */
export function groupOf(record: KeyRecord): Group {
  if (record.verdict === 'unknown') return 'unjudged'
  const finding = strictestFinding(record)
  if (finding === undefined) {
    if (openHygiene(record).length > 0) return 'to-look-at'
    return record.verdict === 'exempt' ? 'exempt' : 'off'
  }
  const group = OVERDUE[useOf(record)]
  return finding.state === 'due' && group !== 'stopped' && group !== 'not-working' ? 'due' : group
}
