import { setTimeout } from 'node:timers/promises'
import type { cloudasset_v1 } from 'googleapis/build/src/apis/cloudasset/v1.js'
import type { Asset } from '../google/asset.js'
import { asListed } from '../google/asset-form.js'

/**
 * How a message comes to a function: as Pub/Sub pushes it itself, or as a CloudEvent of Eventarc's, with its attributes
 * in headers or in the body.
 */
export type EventForm = 'push' | 'binary' | 'structured'

export interface FeedOptions {
  /** Where messages are pushed to. */
  readonly url: string
  /** `push` by default. */
  readonly form?: EventForm
  /** Milliseconds before a message that was refused comes again; twice as long each time. */
  readonly pause?: number
  /** How often a message is pushed at most. */
  readonly attempts?: number
}

/** One push of a message and how it was answered; 0 where nobody answered. */
export interface Push {
  readonly messageId: string
  readonly status: number
}

const TOPIC = '//pubsub.googleapis.com/projects/simulated/topics/gemini-key-changes'
const SUBSCRIPTION = 'projects/simulated/subscriptions/gemini-key-changes'

/** An asset before it was changed; `none` where there was none. */
export type Prior = Asset | 'none'

/**
 * The asset inventory's feed of changes, through a topic of Pub/Sub that pushes: what is not answered with 2xx comes again.
 * @see https://cloud.google.com/asset-inventory/docs/monitoring-asset-changes
 * @see https://cloud.google.com/pubsub/docs/push
 */
export class Feed {
  readonly #options: FeedOptions
  readonly #pushes: Push[] = []
  readonly #open = new Set<Promise<void>>()
  #messages = 0
  #isStopped = false

  constructor(options: FeedOptions) {
    this.#options = options
  }

  /** Every push so far, in the order of their answers. */
  get pushes(): readonly Push[] {
    return this.#pushes
  }

  /** Resolves when no message waits any more: each was taken, or given up. */
  async settled(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open)
  }

  /** Reports that an asset was changed. */
  changed(asset: Asset, prior: Prior): void {
    const found: cloudasset_v1.Schema$TemporalAsset = {
      asset: asListed(asset, 'RESOURCE'),
      window: { startTime: asset.updateTime },
      ...(prior === 'none'
        ? { priorAssetState: 'DOES_NOT_EXIST' }
        : { priorAssetState: 'PRESENT', priorAsset: asListed(prior, 'RESOURCE') }),
    }
    this.publish(JSON.stringify(found), asset.updateTime)
  }

  /** Sends any text, as whoever may publish to the topic can. */
  publish(text: string, publishTime: string): void {
    this.#messages += 1
    const message = {
      data: Buffer.from(text).toString('base64'),
      messageId: String(9_000_000 + this.#messages),
      publishTime,
      attributes: {},
    }
    const work = this.#push(message).finally(() => this.#open.delete(work))
    this.#open.add(work)
  }

  stop(): void {
    this.#isStopped = true
  }

  async #push(message: Message): Promise<void> {
    const { attempts = 10, pause = 1_000 } = this.#options
    for (let attempt = 1; attempt <= attempts && !this.#isStopped; attempt += 1) {
      const status = await this.#send(message)
      this.#pushes.push({ messageId: message.messageId, status })
      if (status >= 200 && status < 300) return
      await setTimeout(pause * 2 ** (attempt - 1), undefined, { ref: false })
    }
  }

  async #send(message: Message): Promise<number> {
    const { url, form = 'push' } = this.#options
    try {
      const response = await fetch(url, { method: 'POST', ...FORMS[form](message) })
      await response.body?.cancel()
      return response.status
    } catch {
      return 0
    }
  }
}

interface Message {
  readonly data: string
  readonly messageId: string
  readonly publishTime: string
  readonly attributes: Readonly<Record<string, string>>
}

type Request = { readonly headers: Readonly<Record<string, string>>; readonly body: string }

const FORMS: Readonly<Record<EventForm, (message: Message) => Request>> = {
  push: (message) => ({
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ message, subscription: SUBSCRIPTION }),
  }),
  binary: (message) => ({
    headers: {
      'Content-Type': 'application/json',
      ...Object.fromEntries(
        Object.entries(attributesOf(message)).map(([name, value]) => [`ce-${name}`, value]),
      ),
    },
    body: JSON.stringify({ message, subscription: SUBSCRIPTION }),
  }),
  structured: (message) => ({
    headers: { 'Content-Type': 'application/cloudevents+json' },
    body: JSON.stringify({
      ...attributesOf(message),
      datacontenttype: 'application/json',
      data: { message, subscription: SUBSCRIPTION },
    }),
  }),
}

/** @see https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/pubsub/v1/events.proto */
function attributesOf({ messageId, publishTime }: Message): Readonly<Record<string, string>> {
  return {
    id: messageId,
    source: TOPIC,
    specversion: '1.0',
    type: 'google.cloud.pubsub.topic.v1.messagePublished',
    time: publishTime,
  }
}
