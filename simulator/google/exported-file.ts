import { setImmediate } from 'node:timers/promises'
import type { Content } from '../storage/bucket.js'
import { Checksum } from '../storage/crc32c.js'
import type { Shelf } from '../wire/pages.js'

/** One file of an export: how it can be made again, and what is known of it. */
export interface ExportedFile {
  readonly content: Content
  readonly crc32c: string
}

/** Bytes between two places from which a file can be made again. */
const STEP = 256 * 1024

/** Positions of a shelf that are gone through at a stretch before others have a turn. */
const STRETCH = 500

/** A place in a file: the byte at which the lines of a position begin. */
interface Mark {
  readonly position: number
  readonly offset: number
}

/**
 * The lines of a shelf as files of about so many lines. Their content is not kept: it is made once to know its
 * length and its checksum, and again where it is read, so that a million lines take no memory.
 */
export async function exportedFiles(
  shelf: Shelf<string>,
  linesInFile: number,
): Promise<readonly ExportedFile[]> {
  const files: ExportedFile[] = []
  let draft = new Draft(shelf, 0)
  for (let position = 0; position < shelf.length; position += 1) {
    if (position % STRETCH === 0) await setImmediate()
    draft.add(position)
    if (draft.lines < linesInFile) continue
    files.push(draft.file(position + 1))
    draft = new Draft(shelf, position + 1)
  }
  if (draft.lines > 0) files.push(draft.file(shelf.length))
  return files
}

/** A file while it is gone through for the first time. */
class Draft {
  readonly #shelf: Shelf<string>
  readonly #marks: Mark[]
  readonly #checksum = new Checksum()
  #length = 0
  lines = 0

  constructor(shelf: Shelf<string>, from: number) {
    this.#shelf = shelf
    this.#marks = [{ position: from, offset: 0 }]
  }

  add(position: number): void {
    const bytes = linesAt(this.#shelf, position)
    if (this.#length - (this.#marks.at(-1)?.offset ?? 0) >= STEP) {
      this.#marks.push({ position, offset: this.#length })
    }
    this.#checksum.add(bytes)
    this.#length += bytes.length
    this.lines += this.#shelf.at(position).length
  }

  /** The file of all positions before the given one. */
  file(end: number): ExportedFile {
    const content = new MadeContent(this.#shelf, this.#marks, this.#length, end)
    return { content, crc32c: this.#checksum.text() }
  }
}

/** Content that is made when it is read, from the nearest mark on. */
class MadeContent implements Content {
  constructor(
    private readonly shelf: Shelf<string>,
    private readonly marks: readonly Mark[],
    readonly length: number,
    private readonly end: number,
  ) {}

  subarray(from = 0, to = this.length): Buffer {
    const mark = this.marks.findLast(({ offset }) => offset <= from) ?? { position: 0, offset: 0 }
    const pieces: Buffer[] = []
    let { position, offset } = mark
    for (; offset < to && position < this.end; position += 1) {
      const bytes = linesAt(this.shelf, position)
      pieces.push(bytes)
      offset += bytes.length
    }
    return Buffer.concat(pieces).subarray(from - mark.offset, to - mark.offset)
  }
}

function linesAt(shelf: Shelf<string>, position: number): Buffer {
  return Buffer.from(
    shelf
      .at(position)
      .map((line) => `${line}\n`)
      .join(''),
  )
}
