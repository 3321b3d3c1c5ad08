import type { ArchiveStore } from './archive-store.js'

/** Bytes of a piece of a large object: a multiple of what Cloud Storage takes, and little to hold. */
export const PIECE = 2 * 2 ** 20

/** The same bytes in pieces of one length, but for the last. */
export async function* inPieces(content: AsyncIterable<Uint8Array>, length = PIECE): AsyncGenerator<Buffer> {
  let piece = Buffer.allocUnsafeSlow(length)
  let end = 0
  for await (const chunk of content) {
    for (let from = 0; from < chunk.length; ) {
      const part = chunk.subarray(from, from + length - end)
      piece.set(part, end)
      end += part.length
      from += part.length
      if (end < length) continue
      yield piece
      piece = Buffer.allocUnsafeSlow(length)
      end = 0
    }
  }
  if (end > 0) yield piece.subarray(0, end)
}

/** Creates an object from content of any length: at once where it is small. */
export async function createFrom(
  store: ArchiveStore,
  path: string,
  content: AsyncIterable<Uint8Array>,
): Promise<boolean> {
  const pieces = inPieces(content)
  const [first, second] = [await pieces.next(), await pieces.next()]
  if (first.done === true) return store.create(path, Buffer.alloc(0))
  if (second.done === true) return store.create(path, first.value)
  async function* all(begun: readonly Buffer[]): AsyncGenerator<Buffer> {
    yield* begun
    yield* pieces
  }
  return store.createLarge(path, all([first.value, second.value]))
}
