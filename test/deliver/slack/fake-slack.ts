import { type Answer, type Request, type StandIn, standIn } from '../stand-in.js'

export type Arguments = Readonly<Record<string, string>>

export interface Call {
  /** `chat.postMessage`; `upload` for the file's bytes. */
  readonly method: string
  readonly args: Arguments
  readonly authorization: string | undefined
}

/** Slack as far as one channel needs it: posts are kept with their metadata, and what is to go wrong does. */
export interface FakeSlack {
  readonly url: string
  readonly calls: Call[]
  /** Messages that stand in the channel, in their order. */
  readonly messages: Arguments[]
  /** Answers for the next calls of a method; when they are used up, the method works. */
  readonly failures: Map<string, Failure[]>
  stop(): Promise<void>
}

/** `posted`: the message was posted all the same. */
export type Failure = Answer & { readonly posted?: true }

export async function fakeSlack(): Promise<FakeSlack> {
  const calls: Call[] = []
  const messages: Arguments[] = []
  const failures = new Map<string, Failure[]>()
  const server: StandIn = await standIn((request) => {
    const call = callOf(request)
    calls.push(call)
    const failure = failures.get(call.method)?.shift()
    if (failure?.posted) post(call.args)
    return failure ?? { body: work(call) }
  })

  function post(args: Arguments): string {
    const ts = `1763881200.00000${messages.length + 1}`
    messages.push({ ...args, ts })
    return ts
  }

  function work({ method, args }: Call): object | string {
    switch (method) {
      case 'auth.test':
        return { ok: true, user_id: 'U1', bot_id: 'B1' }
      case 'chat.postMessage':
        return { ok: true, ts: post(args), message: threadOf(args) }
      case 'conversations.history':
        return { ok: true, messages: messages.map(shownMessage).reverse() }
      case 'files.getUploadURLExternal':
        return { ok: true, file_id: 'F1', upload_url: `${server.origin}/upload/F1` }
      case 'files.completeUploadExternal':
        return { ok: true, files: [{ id: 'F1' }] }
      case 'upload':
        return 'OK'
      default:
        return { ok: false, error: 'unknown_method' }
    }
  }

  return { url: `${server.origin}/api/`, calls, messages, failures, stop: () => server.stop() }
}

/** A reply's answer names its thread. */
function threadOf({ thread_ts }: Arguments): object {
  return thread_ts === undefined ? {} : { thread_ts }
}

/** `bot_id`: of a message that another app has posted. */
function shownMessage({ ts, text, metadata, bot_id = 'B1' }: Arguments): object {
  return {
    ts,
    text,
    user: 'U1',
    bot_id,
    ...(metadata === undefined ? {} : { metadata: JSON.parse(metadata) }),
  }
}

function callOf({ path, headers, body }: Request): Call {
  const upload = path.startsWith('/upload/')
  return {
    method: upload ? 'upload' : path.replace('/api/', ''),
    args: upload ? { body } : Object.fromEntries(new URLSearchParams(body)),
    authorization: headers.authorization,
  }
}
