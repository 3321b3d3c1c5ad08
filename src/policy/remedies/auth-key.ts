import { GEMINI_API, type Key, type Project } from '../../model.js'
import { commandLine, type Word } from '../shell.js'
import { asServiceAccount, ofProject, serviceAccount } from './projects.js'

/** What the things are called that an auth key needs. */
interface Names {
  /** The ID of the service account and of the secret. */
  readonly id: string
  /** The display name of the key. */
  readonly displayName: string
}

/** Names that tell which key is replaced, made only of characters that are allowed in them. */
function namesFor({ uid, displayName }: Key): Names {
  const digits = uid.toLowerCase().replace(/[^a-z0-9]/g, '')
  const name = displayName.replace(/[^\p{L}\p{N} ._-]/gu, '').trim()
  const short = [...name].slice(0, 50).join('').trim()
  return { id: `gemini-key-${digits.slice(0, 8) || 'new'}`, displayName: `${short || 'Gemini API'} (auth)` }
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
 * their own, which is named and stays behind when something fails.
 */
export function createAuthKey(key: Key, project: Project): string {
  const { id, displayName } = namesFor(key)
  const create = commandLine(
    ...['gcloud', 'beta', 'services', 'api-keys', 'create', ofProject(project)],
    `--display-name=${displayName}`,
    `--api-target=service=${GEMINI_API}`,
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

/** The new key is called from where the old one may be called from. */
function allowedIps({ restrictions }: Key): readonly Word[] {
  const ips = restrictions.allowedIps.filter((ip) => /^[0-9a-f.:/]+$/i.test(ip))
  return ips.length > 0 && ips.length === restrictions.allowedIps.length
    ? [`--allowed-ips=${ips.join(',')}`]
    : []
}
