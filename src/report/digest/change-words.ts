import type { Changes, JudgedRunRecord } from '../../records/run-record.js'
import { counted } from '../wording.js'
import { sinceText } from './quiet.js'

/** What has changed since the run that was compared with; nothing where there was none. */
export function changeLines(run: JudgedRunRecord): readonly string[] {
  const { changes } = run
  if (changes.since === null) return []
  const { newStandardKeys = 0, newlyEnabled = [], stopped = changes.newlyRefused ?? 0, newGaps = 0 } = changes
  return [
    `${countsOf(changes) || 'no key changed'} since ${sinceText(run)}`,
    ...(stopped === 0 ? [] : [`${counted(stopped, 'key')} stopped working`]),
    ...(newGaps === 0 ? [] : [`${counted(newGaps, 'new gap')} in what could be read`]),
    ...(newStandardKeys === 0
      ? []
      : [`${counted(newStandardKeys, 'key')} made as standard, which the API still allows`]),
    ...newlyEnabled.map(({ project, keys }) => enabledLine(project, keys)),
  ]
}

function countsOf({ better, lost, found, gone, fixed = 0, ...changes }: Changes): string {
  const told = [
    [changes.new, `${changes.new} new`],
    [changes.worse, `${changes.worse} worse`],
    [better, `${better} better`],
    [fixed, `${fixed} fixed`],
    [lost, `${lost} no longer readable`],
    [found, `${found} readable again`],
    [gone, `${gone} gone`],
  ] as const
  return told
    .filter(([count]) => count > 0)
    .map(([, words]) => words)
    .join(', ')
}

function enabledLine(project: string, keys: number): string {
  const fall = keys === 1 ? 'falls' : 'fall'
  return `${counted(keys, 'key')} in ${project} now ${fall} under the rules: the Gemini API was switched on there`
}
