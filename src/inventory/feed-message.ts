import { z } from 'zod'
import { type Advice, redactedWords } from '../errors.js'
import { GEMINI_API, type Instant } from '../model.js'
import { type AssetChange, changeOfKey, type KeyBefore } from '../policy/asset-change.js'
import { KEY_ASSET, SERVICE_ASSET } from './assets.js'
import { instant, keyOfAsset } from './wire-key.js'
import { enabledService } from './wire-service.js'

/** The type of the CloudEvents by which Pub/Sub's messages come. */
export const PUBSUB_EVENT = 'google.cloud.pubsub.topic.v1.messagePublished'

/** Characters of a message's data in base64: far more than any key has, and little enough to hold many at once. */
const LARGEST_DATA = 1024 * 1024

/** What a message of the feed says. */
export type FeedMessage =
  | { readonly kind: 'change'; readonly change: AssetChange }
  /** A change that is of no matter to the Gemini API, or the feed's greeting. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unreadable'; readonly why: string; readonly advice: Advice; readonly message?: string }

const event = z.looseObject({
  type: z.string(),
  data: z.looseObject({ message: z.looseObject({ data: z.string().optional() }) }),
})
const identified = z.looseObject({
  data: z.looseObject({ message: z.looseObject({ messageId: z.string().regex(/^[\w-]{1,128}$/) }) }),
})

const present = z.looseObject({
  name: z.string(),
  assetType: z.string(),
  updateTime: instant.optional(),
})

/** @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/TopLevel/batchGetAssetsHistory#temporalasset */
const temporalAsset = z.looseObject({
  asset: present,
  window: z.looseObject({ startTime: instant.optional() }).optional(),
  deleted: z.boolean().optional(),
  priorAssetState: z.string().optional(),
  priorAsset: z.unknown().optional(),
})
type TemporalAsset = z.infer<typeof temporalAsset>

const stated = z.looseObject({ resource: z.looseObject({ data: z.looseObject({ state: z.string() }) }) })

const FEED: Advice = {
  say: 'look whether anything but the asset feed writes to the topic',
  command: 'gcloud asset feeds list --organization=ORGANIZATION_ID',
}
const FORM: Advice = { say: 'compare docs/events.md with what Google sends, and report a difference' }

/**
 * Reads what Cloud Asset Inventory's feed sends through Pub/Sub, as a CloudEvent brings it. Whatever comes is
 * data: what is not as Google documents it becomes a reason, and nothing is thrown.
 * @see https://cloud.google.com/asset-inventory/docs/monitoring-asset-changes
 */
export function readFeedMessage(given: unknown): FeedMessage {
  const id = identified.safeParse(given).data?.data.message.messageId
  const unreadable = (why: string, advice = FORM): FeedMessage => ({
    kind: 'unreadable',
    why,
    advice,
    ...(id !== undefined && { message: id }),
  })
  const parsed = event.safeParse(given).data
  if (parsed === undefined) return unreadable('it is no CloudEvent with a message of Pub/Sub')
  if (parsed.type !== PUBSUB_EVENT) return unreadable(`its type is not ${PUBSUB_EVENT}`, FEED)
  const { data } = parsed.data.message
  if (data === undefined || data === '') return unreadable('the message has no data', FEED)
  if (data.length > LARGEST_DATA) return unreadable('the message is larger than any key')
  const text = textIn(data)
  if (text === undefined) return unreadable('the data of the message is not base64 of a text', FEED)
  if (text.startsWith(GREETING)) return { kind: 'nothing' }
  const json = jsonIn(text)
  if (json === undefined) return unreadable('the data of the message is no JSON', FEED)
  return readAsset(json, unreadable)
}

/** Sent once, when the feed is made. */
const GREETING = 'You have successfully configured real time feed'

type Unreadable = (why: string, advice?: Advice) => FeedMessage

function readAsset(json: unknown, unreadable: Unreadable): FeedMessage {
  const read = temporalAsset.safeParse(json)
  if (!read.success) {
    const field = read.error.issues[0]?.path.join('.') || 'the message'
    return unreadable(`${field} is not as Google documents it`)
  }
  const found = read.data
  const at = found.asset.updateTime ?? found.window?.startTime
  if (at === undefined) return unreadable('it does not say when the asset was changed')
  switch (found.asset.assetType) {
    case KEY_ASSET:
      return readKey(found, at, unreadable)
    case SERVICE_ASSET:
      return readService(found, at, unreadable)
    default:
      return unreadable(`the feed shows assets of the type ${shortened(found.asset.assetType)}`, {
        say: `let the feed show ${KEY_ASSET} and ${SERVICE_ASSET} alone`,
        command: 'gcloud asset feeds describe FEED --organization=ORGANIZATION_ID',
      })
  }
}

function readKey(found: TemporalAsset, at: Instant, unreadable: Unreadable): FeedMessage {
  const read = keyOfAsset(found.asset)
  if (read === undefined) return unreadable('the asset has no name of a key')
  const { key } = read
  if (found.deleted === true) return { kind: 'nothing' }
  const kind = changeOfKey(keyBefore(found), key, at)
  if (kind === undefined) return { kind: 'nothing' }
  const { name, projectNumber: project } = key
  return {
    kind: 'change',
    change: { kind, asset: `//apikeys.googleapis.com/${name}`, at, project, key: name },
  }
}

function keyBefore({ priorAsset, priorAssetState }: TemporalAsset): KeyBefore {
  if (WITHOUT_PRIOR.has(priorAssetState)) return 'none'
  return (priorAsset === undefined ? undefined : keyOfAsset(priorAsset)?.key) ?? 'unknown'
}

/** The asset is new, or new again. */
const WITHOUT_PRIOR: ReadonlySet<string | undefined> = new Set(['DOES_NOT_EXIST', 'DELETED'])

/** What a folder or the organization enables is left to the daily run: it may concern any number of projects. */
function readService(found: TemporalAsset, at: Instant, unreadable: Unreadable): FeedMessage {
  const state = stateOf(found.asset)
  const service = enabledService({ name: found.asset.name, state })
  if (service === undefined || state === undefined)
    return unreadable('the asset has no name of a service, or no state of one')
  const [kind, project] = service?.place?.split('/') ?? []
  if (found.deleted === true || service?.service !== GEMINI_API || state !== 'ENABLED')
    return { kind: 'nothing' }
  if (kind !== 'projects' || project === undefined) return { kind: 'nothing' }
  if (!WITHOUT_PRIOR.has(found.priorAssetState) && stateOf(found.priorAsset) === 'ENABLED')
    return { kind: 'nothing' }
  return { kind: 'change', change: { kind: 'gemini-enabled', asset: found.asset.name, at, project } }
}

function stateOf(asset: unknown): string | undefined {
  return stated.safeParse(asset).data?.resource.data.state
}

function shortened(text: string): string {
  return JSON.stringify(redactedWords(text.slice(0, 80)))
}

/** The text of what is base64 and nothing else; `Buffer` itself passes over what is not. */
function textIn(data: string): string | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(data)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(data, 'base64'))
  } catch {
    return undefined
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
