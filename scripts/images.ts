import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/** Files that name images: steps of a build, and bases of a container. */
const FILES = ['cloudbuild.yaml', 'deploy/container/Dockerfile'] as const

const NAMED = /^(\s*(?:- )?name: |FROM )(\S+)/gm

/** An image by its registry, repository and tag, and its digest where it is pinned. */
export interface Image {
  /** As it is written, without its digest. */
  readonly name: string
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly digest?: string
}

/** What a reference such as `node:24` or `gcr.io/a/b:slim@sha256:…` names. Throws for what is none, or has no tag. */
export function imageOf(reference: string): Image {
  const [, name = '', tag = '', digest] =
    /^([a-z0-9._/-]+):([\w.-]+)(?:@(sha256:[0-9a-f]{64}))?$/.exec(reference) ?? []
  if (name === '' || tag === 'latest')
    throw new Error(`${reference} must name an image by a tag other than latest`)
  const [first = '', ...rest] = name.split('/')
  const isHost = rest.length > 0 && first.includes('.')
  const repository = isHost ? rest.join('/') : rest.length > 0 ? name : `library/${name}`
  return {
    name: `${name}:${tag}`,
    registry: isHost ? first : 'registry-1.docker.io',
    repository,
    tag,
    ...(digest && { digest }),
  }
}

/** The images that a text names, each once. */
export function imagesIn(text: string): readonly Image[] {
  const references = new Set([...text.matchAll(NAMED)].map(([, , reference = '']) => reference))
  return [...references].map(imageOf)
}

/** The text with each image at the digest of its name. */
export function pinned(text: string, digests: ReadonlyMap<string, string>): string {
  return text.replaceAll(NAMED, (whole: string, before: string, reference: string) => {
    const { name } = imageOf(reference)
    const digest = digests.get(name)
    return digest === undefined ? whole : `${before}${name}@${digest}`
  })
}

/** Lists for several platforms first: a digest of one platform's image would fit no other machine. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

/**
 * The digest that a registry has for an image now: that of the bytes it answers with, not only what it says.
 * `origin`: where the registry is. Rejects with what went wrong.
 */
export async function digestOf(
  { name, registry, repository, tag }: Image,
  origin = `https://${registry}`,
): Promise<string> {
  const url = `${origin}/v2/${repository}/manifests/${tag}`
  let answer = await fetch(url, { headers: { accept: MANIFESTS } })
  if (answer.status === 401) {
    const token = await tokenFor(answer.headers.get('www-authenticate') ?? '', name)
    answer = await fetch(url, { headers: { accept: MANIFESTS, authorization: `Bearer ${token}` } })
  }
  if (!answer.ok) throw new Error(`Asking ${registry} for ${name} failed: HTTP ${answer.status}`)
  const digest = `sha256:${createHash('sha256')
    .update(Buffer.from(await answer.arrayBuffer()))
    .digest('hex')}`
  const stated = answer.headers.get('docker-content-digest')
  if (stated !== null && stated !== digest) {
    throw new Error(`Asking ${registry} for ${name} failed: it states ${stated} and sends ${digest}`)
  }
  return digest
}

/** A token for anybody, from where the registry says. */
async function tokenFor(challenge: string, name: string): Promise<string> {
  const values = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
  )
  const { realm, ...query } = values
  if (realm === undefined)
    throw new Error(`Asking for ${name} failed: the registry names no place for tokens`)
  const answer = await fetch(`${realm}?${new URLSearchParams(query)}`)
  const { token } = (await answer.json()) as { readonly token?: string }
  if (token === undefined) throw new Error(`Asking for ${name} failed: HTTP ${answer.status} without a token`)
  return token
}

/** Pins the images of all files to the digests that their registries have now. */
async function pinAll(): Promise<void> {
  for (const file of FILES.filter((each) => existsSync(each))) {
    const text = readFileSync(file, 'utf8')
    const digests = new Map<string, string>()
    for (const image of imagesIn(text)) digests.set(image.name, await digestOf(image))
    writeFileSync(file, pinned(text, digests))
    for (const [name, digest] of digests) console.log(`${file}: ${name}@${digest}`)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await pinAll()
