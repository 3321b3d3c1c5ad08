/**
 * The gcloud commands of the remedies, with every string from the cloud quoted. They work with release 528
 * and with newer ones, which differ in what an update leaves alone.
 */
import { type ApiTarget, GEMINI_API, type Key, type Project, type Restrictions } from '../../model.js'
import { commandLine } from '../shell.js'
import { ofProject } from './projects.js'
import { withRestrictions } from './restrictions.js'

const API_KEYS = ['gcloud', 'services', 'api-keys'] as const

/** Shows fields of a key, never its string. */
export function describeKey(key: Key, format: string): string {
  return commandLine(...API_KEYS, 'describe', key.name, `--format=${format}`)
}

// What these two answer with is not documented to be without the key string: errors alone are shown.
const UNSHOWN = '--no-user-output-enabled'

export function deleteKey(key: Key): string {
  return commandLine(...API_KEYS, 'delete', key.name, UNSHOWN)
}

export function undeleteKey(key: Key): string {
  return commandLine(...API_KEYS, 'undelete', key.name, UNSHOWN)
}

/** Shows what the organization policy says in a project that may keep auth keys from being made. */
export function showBlocker(project: Project): string {
  const constraint = 'iam.managed.disableServiceAccountApiKeyCreation'
  return commandLine('gcloud', 'org-policies', 'describe', constraint, ofProject(project), '--effective')
}

/** Prints `ENABLED` when the Gemini API is enabled in a project, else nothing. */
export function showGemini(project: Project): string {
  const filter = `--filter=config.name=${GEMINI_API}`
  return commandLine(
    'gcloud',
    'services',
    'list',
    '--enabled',
    ofProject(project),
    filter,
    '--format=value(state)',
  )
}

// No quote, bracket or other special character in these: some shells read pasted comments as commands.
const NEWER_RELEASES = `# Newer gcloud releases replace all restrictions unless --append is given, so all that shall stay are named here.
# Since release 584 gcloud refuses this while recent calls contradict it, refused ones too. Look at them first, then add --no-check-existing-usage.
`

/** Restricts a key to some APIs, and names its client restriction again so that it stays. */
export function restrictKey(key: Key, apiTargets: readonly ApiTarget[]): string {
  return setRestrictions(key, { ...key.restrictions, apiTargets })
}

/** Gives a key exactly these restrictions: what it has of other kinds has to be among them. */
export function setRestrictions(key: Key, restrictions: Restrictions): string {
  return NEWER_RELEASES + withRestrictions([...API_KEYS, 'update', key.name], restrictions)
}

/** Gives a key the restrictions that it has now, as the way back from others. */
export function restoreRestrictions(key: Key): string {
  const { apiTargets, ...clients } = key.restrictions
  if (apiTargets.length > 0) return restrictKey(key, apiTargets)
  const update = [...API_KEYS, 'update', key.name]
  const none = commandLine(...update, '--clear-restrictions')
  const hasClients = Object.values(clients).some((list) => list.length > 0)
  return hasClients ? `${none} && ${withRestrictions(update, { ...clients, apiTargets: [] })}` : none
}
