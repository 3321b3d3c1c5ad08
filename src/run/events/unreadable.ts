import { DeliveryError } from '../../deliver/delivery.js'
import { adviceText } from '../../errors.js'
import { ArchiveError } from '../../history/archive-store.js'
import type { FeedMessage } from '../../inventory/feed-message.js'
import type { Run } from '../../model.js'
import { sha256 } from '../../records/canonical.js'
import { unreadableEventRecord } from '../../records/event-record.js'
import { unreadableMessage } from '../../report/event/event-message.js'
import { TOOL } from '../../version.js'
import type { EventDependencies } from './events.js'

export type Unreadable = Extract<FeedMessage, { readonly kind: 'unreadable' }>

/** One sentence for the log of the function. */
export function unreadableText({ why, advice, message }: Unreadable): string {
  const which = message === undefined ? '' : ` ${message}`
  return `A message of the asset feed${which} could not be read: ${why}; ${adviceText(advice)}.`
}

/**
 * Records that messages could not be read, and posts it once a day: in the archive's sight, or without one in that of
 * this process. Such messages are taken all the same, so that what fails here is only returned.
 */
export class UnreadableMessages {
  readonly #posted = new Set<string>()

  async report(found: readonly Unreadable[], parts: EventDependencies): Promise<readonly string[]> {
    const failures: string[] = []
    for (const work of [() => record(found, parts), () => this.#post(found, parts)]) {
      await work().catch((error: unknown) => {
        if (!(error instanceof DeliveryError || error instanceof ArchiveError)) throw error
        failures.push(error.message)
      })
    }
    return failures
  }

  async #post([first]: readonly Unreadable[], parts: EventDependencies): Promise<void> {
    const { mainChannel, claimsOf, now } = parts
    const channel = mainChannel === undefined ? undefined : parts.channel(mainChannel)
    const run = parts.runAt(now())
    const id = sha256(`unreadable ${run.asOf}`)
    if (first === undefined || channel === undefined || this.#posted.has(id)) return
    const lease = await claimsOf?.(id).take(channel.to)
    if (lease !== undefined && 'at' in lease) return
    try {
      const { ts } = await channel.post(postOf(first, run, id))
      this.#posted.add(id)
      await lease?.done({ at: now(), message: ts })
    } catch (error) {
      await lease?.failed(false).catch(() => undefined) // the first failure is the one to report
      throw error
    }
  }
}

function postOf(first: Unreadable, { audit, time }: Run, id: string) {
  return {
    audit,
    run: time,
    tells: 'event' as const,
    sha256: id,
    events: [id.slice(0, 16)],
    message: unreadableMessage(first),
    thread: [],
  }
}

async function record(found: readonly Unreadable[], { log, runAt, now }: EventDependencies): Promise<void> {
  for (const { why, advice, message } of found) {
    const said = { because: why, advice, ...(message !== undefined && { message }), tool: TOOL }
    await log?.note?.(unreadableEventRecord(runAt(now()), said))
  }
}
