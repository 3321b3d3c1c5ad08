import type { Call } from '../wire/call.js'
import { isObject } from '../wire/json-body.js'
import { type Arguments, structureOf, textOf } from './arguments.js'
import { SlackError } from './slack-error.js'
import type { SharedFile, Workspace } from './workspace.js'

interface Pending {
  readonly name: string
  readonly length: number
  content?: Buffer
}

/** Uploads in three steps: an address, the content, sharing it. @see https://docs.slack.dev/messaging/working-with-files */
export class Uploads {
  readonly #pending = new Map<string, Pending>()
  #count = 0

  constructor(private readonly workspace: Workspace) {}

  /** `files.getUploadURLExternal`. @throws SlackError where name or length is missing. */
  begin(args: Arguments, origin: string) {
    const name = textOf(args, 'filename')
    const length = Number(args['length'])
    if (!name || !Number.isInteger(length) || length <= 0) throw new SlackError('invalid_arguments')
    this.#count += 1
    const id = `F0SIM${String(this.#count).padStart(4, '0')}`
    this.#pending.set(id, { name, length })
    return { file_id: id, upload_url: `${origin}/slack-upload/v1/${id}` }
  }

  /** The content itself; false where the address is unknown or the length is not the announced one. */
  take(id: string, content: Buffer): boolean {
    const pending = this.#pending.get(id)
    if (!pending || content.length !== pending.length) return false
    pending.content = content
    return true
  }

  /** `files.completeUploadExternal`: shares the files in one message. @throws SlackError. */
  complete(args: Arguments, author: string) {
    const asked = structureOf(args, 'files', 'invalid_arguments')
    if (!Array.isArray(asked) || asked.length === 0) throw new SlackError('invalid_arguments')
    const channel = textOf(args, 'channel_id')
    const threadTs = textOf(args, 'thread_ts')
    const place = channel === undefined ? undefined : this.workspace.channel(channel).id
    if (place && threadTs) this.workspace.thread(place, threadTs)
    const files = asked.map((one) => this.#finished(one))
    const comment = textOf(args, 'initial_comment') ?? ''
    this.workspace.share(files, {
      ...(place && { channel: place }),
      author,
      ...(threadTs && { threadTs }),
      comment,
      sent: args,
    })
    return { files: files.map(({ id, title }) => ({ id, title })) }
  }

  #finished(asked: unknown): SharedFile {
    const id = isObject(asked) ? asked['id'] : undefined
    const pending = typeof id === 'string' ? this.#pending.get(id) : undefined
    if (typeof id !== 'string' || !pending) throw new SlackError('file_not_found')
    if (!pending.content) throw new SlackError('file_upload_not_complete')
    this.#pending.delete(id)
    const title = isObject(asked) && typeof asked['title'] === 'string' ? asked['title'] : pending.name
    return { id, name: pending.name, title, content: pending.content }
  }
}

/** The file in an upload: the body itself, or the one file of a form. */
export async function uploadedContent(call: Call): Promise<Buffer> {
  const type = call.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) return call.body
  const form = await new Response(new Uint8Array(call.body), { headers: { 'content-type': type } }).formData()
  const file = [...form.values()].find((value) => typeof value !== 'string')
  return file && typeof file !== 'string' ? Buffer.from(await file.arrayBuffer()) : Buffer.alloc(0)
}
