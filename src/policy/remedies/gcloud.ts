/**
 * The gcloud commands of the remedies, with every string from the cloud quoted. They work with release 528
 * and with newer ones, which differ in what an update leaves alone.
 */
import { type ApiTarget, GEMINI_API, type Key, type Project, type Restrictions } from '../../model.js'
import { withoutOpenClients } from '../clients.js'
import { keyTypeOf } from '../facts.js'
import { commandLine, type Word, withInput } from '../shell.js'

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

/**
 * Restricts a key to some APIs, and names its clients again so that they stay, unless they are everybody; undefined
 * where it has more of them than a command can name.
 */
export function restrictKey(key: Key, apiTargets: readonly ApiTarget[]): string | undefined {
  if (!hasAllClients(key)) return undefined
  return setRestrictions(key, { ...withoutOpenClients(key.restrictions), apiTargets })
}

function hasAllClients({ restrictions: { clientCount } }: Key): boolean {
  return clientCount === undefined
}

/** Gives a key exactly these restrictions: what it has of other kinds has to be among them. */
export function setRestrictions(key: Key, restrictions: Restrictions): string {
  return NEWER_RELEASES + withRestrictions([...API_KEYS, 'update', key.name], restrictions)
}

/** Gives a key the APIs and clients that it has now, to undo a restriction to other APIs; undefined as above. */
export function restoreRestrictions(key: Key): string | undefined {
  if (!hasAllClients(key)) return undefined
  return key.restrictions.apiTargets.length > 0
    ? setRestrictions(key, key.restrictions)
    : clearAndRestore(key)
}

/** The same to undo whatever restriction: an update leaves kinds alone that it does not name, so all go first. */
export function clearAndRestore(key: Key): string | undefined {
  const { name, restrictions } = key
  if (!hasAllClients(key)) return undefined
  const update = [...API_KEYS, 'update', name]
  const none = commandLine(...update, '--clear-restrictions')
  const hasAny = Object.values(restrictions).some((list) => list.length > 0)
  return hasAny ? `${none} && ${withRestrictions(update, restrictions)}` : none
}

/** What the things are called that an auth key needs. */
interface Names {
  /** The ID of the service account and of the secret. */
  readonly id: string
  /** The display name of the key. */
  readonly displayName: string
}

/** Names that tell which key is replaced, of characters that are allowed in them, and not as Firebase names its own. */
function namesFor({ uid, displayName, serviceAccountEmail }: Key): Names {
  const digits = uid.toLowerCase().replace(/[^a-z0-9]/g, '')
  const name = displayName
    .replace(/\((?:auto created by firebase|auth|own account)\)/i, '')
    .replace(/[^\p{L}\p{N} ._-]/gu, '')
    .trim()
  const short = [...name].slice(0, 50).join('').trim()
  const kind = keyTypeOf(serviceAccountEmail) === 'auth' ? 'own account' : 'auth'
  return {
    id: `gemini-key-${digits.slice(0, 8) || 'new'}`,
    displayName: `${short || 'Gemini API'} (${kind})`,
  }
}

/** Creates the service account to which the auth key in place of a key is bound. */
export function createServiceAccount(key: Key, project: Project): string {
  return commandLine('gcloud', 'iam', 'service-accounts', 'create', namesFor(key).id, ofProject(project))
}

export function deleteServiceAccount(key: Key, project: Project): string {
  const email = serviceAccount(project, namesFor(key).id)
  return commandLine('gcloud', 'iam', 'service-accounts', 'delete', email, ofProject(project))
}

/** Deletes the secret that holds the string of the auth key. */
export function deleteSecret(key: Key, project: Project): string {
  return commandLine('gcloud', 'secrets', 'delete', namesFor(key).id, ofProject(project))
}

/**
 * Creates an auth key in place of a key and puts its string into Secret Manager. gcloud prints the string
 * twice, as the result and in its messages: both go into files that only their owner may read, in a folder of
 * their own, which is named and stays behind when something fails. `services`: the APIs that it may call.
 */
export function createAuthKey(
  key: Key,
  project: Project,
  services: readonly string[] = [GEMINI_API],
): string {
  const { id, displayName } = namesFor(key)
  const create = commandLine(
    ...['gcloud', 'beta', 'services', 'api-keys', 'create', ofProject(project)],
    `--display-name=${displayName}`,
    ...services.map((service) => `--api-target=service=${service}`),
    ...allowedIps(key),
    asServiceAccount(project, id),
    '--format=value(response.keyString)',
  )
  const store = commandLine(
    ...['gcloud', 'secrets', 'create', id, ofProject(project)],
    ...['--replication-policy=automatic', '--data-file=-'],
  )
  return `(umask 077 && cd "$(mktemp -d)" && pwd &&
  ${create} >key 2>log &&
  test -s key && tr -d '\\n' <key | ${store} &&
  rm key log)`
}

/** The new key is called from where the old one may be called from, unless that is everywhere. */
function allowedIps(key: Key): readonly Word[] {
  const { allowedIps: ips } = withoutOpenClients(key.restrictions)
  return hasAllClients(key) && ips.length > 0 && ips.every((ip) => /^[0-9a-f.:/]+$/i.test(ip))
    ? [`--allowed-ips=${ips.join(',')}`]
    : []
}

/** A flag of gcloud with its value, as a flags file has it. */
type Flag = readonly [name: string, value: readonly string[] | Readonly<Record<string, unknown>>]

/**
 * A gcloud command that sets restrictions. Methods, and values in which a comma or caret would mean something
 * to gcloud, are given in a flags file on standard input: on the command line gcloud takes `methods=list` for
 * the methods l, i, s and t.
 *
 * @see https://cloud.google.com/sdk/gcloud/reference/topic/flags-file
 */
function withRestrictions(command: readonly Word[], restrictions: Restrictions): string {
  const flags = flagsOf(restrictions)
  const hasMethods = restrictions.apiTargets.some(({ methods }) => methods.length > 0)
  return !hasMethods && flags.every(isPlain)
    ? commandLine(...command, ...flags.map(plain))
    : withInput(commandLine(...command, '--flags-file=-'), flags.map(inFile).join('\n'))
}

function flagsOf(restrictions: Restrictions): readonly Flag[] {
  const lists: readonly Flag[] = [
    ['--allowed-referrers', restrictions.allowedReferrers],
    ['--allowed-ips', restrictions.allowedIps],
    ['--allowed-bundle-ids', restrictions.allowedBundleIds],
  ]
  return [
    ...restrictions.apiTargets.map(targetFlag),
    ...lists.filter(([, values]) => values.length !== 0),
    ...restrictions.allowedApplications.map(
      ({ sha1Fingerprint, packageName }): Flag => [
        '--allowed-application',
        { sha1_fingerprint: sha1Fingerprint, package_name: packageName },
      ],
    ),
  ]
}

function targetFlag({ service, methods }: ApiTarget): Flag {
  return ['--api-target', methods.length === 0 ? { service } : { service, methods }]
}

/** Printable characters that mean nothing to gcloud's lists and mappings. */
const PLAIN = /^[!-+\--\]_-~]+$/

/** Whether the name of a service can stand in a flag as it is. */
export function hasPlainName(service: string): boolean {
  return PLAIN.test(service)
}

function isPlain([, value]: Flag): boolean {
  return Object.values(value).every((each) => typeof each === 'string' && PLAIN.test(each))
}

function plain([name, value]: Flag): string {
  const parts = Array.isArray(value) ? value : Object.entries(value).map(([key, each]) => `${key}=${each}`)
  return `${name}=${parts.join(',')}`
}

/** One entry of a flags file: YAML, written as JSON so that every string is quoted, and on one line. */
function inFile([name, value]: Flag): string {
  const json = JSON.stringify({ [name]: value }, undefined, 1).replace(/\n */g, ' ')
  return `- ${json.replace(UNPRINTABLE, escaped)}`
}

/** What JSON leaves as it is and YAML forbids or takes for a line break, or what changes the direction of writing. */
const UNPRINTABLE = /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/g

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** The flag that names a project. */
function ofProject(project: Project): Word {
  return withId(project, (id) => `--project=${id}`)
}

/** The flag that names a service account of a project, by its ID in the project. */
function asServiceAccount(project: Project, account: string): Word {
  return withId(project, (id) => `--service-account=${emailOf(account, id)}`)
}

/** The e-mail address of a service account of a project. */
function serviceAccount(project: Project, account: string): Word {
  return withId(project, (id) => emailOf(account, id))
}

/** @see https://cloud.google.com/iam/docs/service-account-types#user-managed on IDs such as `example.com:acme` */
function emailOf(account: string, projectId: string): string {
  return `${account}@${projectId.split(':').toReversed().join('.')}.iam.gserviceaccount.com`
}

/** A word with the project's ID in it. Where only the number is known, the shell asks gcloud for the ID. */
function withId({ id, number }: Project, word: (id: string) => string): Word {
  if (id !== number) return word(id)
  const ask = commandLine('gcloud', 'projects', 'describe', number, '--format=value(projectId)')
  return { shell: `"${word(`$(${ask})`)}"` }
}
