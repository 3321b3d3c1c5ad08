import { withVisibleControls } from '../records/visible-text.js'
import type { Interruption } from '../run/interruption.js'

/** The streams and the environment of a command; tests pass their own. */
export interface Terminal {
  readonly out: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => Date
  /** Watches for the end of the process. */
  readonly interruption?: Interruption
}

/** Exit statuses, as the help has them. */
export const EXIT = { done: 0, failed: 1, usage: 2, found: 3 } as const
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT]

/** Whether to colour: only on a terminal, and not where `NO_COLOR` is set (https://no-color.org). */
export function isColorful({ out, env }: Terminal): boolean {
  return out.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
}

const PIPE_WIDTH = 160

/** Columns that a table may take: what `COLUMNS` says, or the terminal; a pipe has no width, and gets a wide one. */
export function widthOf({ out, env }: Terminal): number {
  const asked = env['COLUMNS'] ?? ''
  return /^[1-9]\d{0,4}$/.test(asked) ? Number(asked) : (out.columns ?? PIPE_WIDTH)
}

/** A message for people, ended by a line end: whatever names are in it, no terminal obeys them. */
export function printLine(stream: NodeJS.WritableStream, message: string): Promise<void> {
  return write(stream, `${message.split('\n').map(withVisibleControls).join('\n')}\n`)
}

/** What a stream says once nobody reads it any more. */
const CLOSED: ReadonlySet<string> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED'])

/**
 * Writes and waits until the stream can take more, so that a slow reader cannot fill our memory. A reader that
 * has seen enough (`| head`) is no failure, and changes no exit status.
 */
export function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
      if (error && !CLOSED.has(error.code ?? '')) reject(error)
      else resolve()
    })
  })
}
