import type { Changes, JudgedRunRecord } from '../run-record.js'
import { counted } from '../wording.js'

/** What has changed since the run that was compared with; nothing where there was none. */
export function changeLines({ changes }: Pick<JudgedRunRecord, 'changes'>): readonly string[] {
  if (changes.since === null) return []
  const { newStandardKeys = 0, newlyEnabled = [] } = changes
  return [
    `${countsOf(changes) || 'nothing'} since the run of ${changes.since}`,
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
