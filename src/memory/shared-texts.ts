/**
 * Canonical records have some 2,000 to 6,000 characters, and most of them stand in thousands of other records
 * as well. A text is cut where its larger fields begin; the names and times of its own key are left open; and
 * what is then the same as in an earlier text is kept once. Some 180 characters are left of a record, which
 * deflate to 60 bytes instead of 200: with a million records that are kept, 140 MB of the function's 512 MiB.
 * Nothing depends on where a text is cut and what is left open: the same characters come back for any text without
 * control characters, and canonical JSON has none.
 */

/** Characters that stand for the values of a text. Line feeds end rows. */
const PLACEHOLDERS =
  '\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000b\u000c\u000e\u000f\u0010\u0011\u0012\u0013'
const ANY_PLACEHOLDER = new RegExp(`([${PLACEHOLDERS}])`)
/** Stands in front of the number of a shared piece. */
const SHARED = '\u001c'
const BETWEEN = '\u001d'
const VALUES = '\u001e'

/** A field at which texts are cut. */
interface Field {
  readonly start: string
  /** Whether the key's own values stand in it, which are left open. */
  readonly isOpened: boolean
  /** Whether they are found in it. */
  readonly isNaming?: true
}

/** In the order in which canonical JSON has them. */
const FIELDS: readonly Field[] = [
  { start: '"evidence":', isOpened: true, isNaming: true },
  { start: ',"findings":', isOpened: false },
  { start: ',"hygiene":', isOpened: true },
  { start: ',"impact":', isOpened: false },
  { start: ',"key":{"', isOpened: true, isNaming: true },
  { start: ',"notes":', isOpened: false },
  { start: ',"remedy":', isOpened: true },
  { start: ',"run":', isOpened: false },
  { start: ',"usage":', isOpened: false },
]

/** Values that differ from key to key, or from page to page. */
const OWN =
  /"(?:id|name|uid|displayName|number|createTime|updateTime|deleteTime|readAt|serviceAccountEmail)":"([^"\\]*)"/g

/** Shorter values cost more as a place than as they are. */
const SHORTEST = 4

/** Characters of all shared pieces: beyond, texts are kept as they are. */
const MOST_SHARED = 4 * 2 ** 20
/** Pieces that were seen once, and how long they may be; the second time they are shared. */
const MOST_SEEN_ONCE = 2_000
const LONGEST = 16 * 2 ** 10

/** Packs texts and gives them back; one for all texts that may share something. */
export class SharedTexts {
  readonly #numbers = new Map<string, string>()
  readonly #pieces: Template[] = []
  #seenOnce = new Set<string>()
  #room = MOST_SHARED

  /** The text as a row without line feeds. */
  pack(text: string): string {
    const pieces = piecesOf(text)
    const values = valuesIn(pieces)
    const packed = pieces.map(({ text: piece, field }) => {
      const open = field?.isOpened ? opened(piece, values) : piece
      return this.#numbers.get(open) ?? this.#shared(open)
    })
    return `${packed.join(BETWEEN)}${VALUES}${values.join(BETWEEN)}`
  }

  /** The text that a row was packed from. */
  unpack(row: string): string {
    const end = row.lastIndexOf(VALUES)
    const values = row.slice(end + 1).split(BETWEEN)
    let text = ''
    for (const piece of row.slice(0, end).split(BETWEEN)) text += filled(this.#templateOf(piece), values)
    return text
  }

  #templateOf(piece: string): Template {
    const shared = piece.startsWith(SHARED) ? this.#pieces[Number(piece.slice(1))] : undefined
    return shared ?? templateOf(piece)
  }

  /** The piece itself, the first time; then what stands for it. */
  #shared(piece: string): string {
    if (piece.length > LONGEST || piece.length > this.#room) return piece
    if (!this.#seenOnce.delete(piece)) {
      if (this.#seenOnce.size === MOST_SEEN_ONCE) this.#seenOnce = new Set()
      this.#seenOnce.add(copyOf(piece))
      return piece
    }
    const number = `${SHARED}${this.#pieces.length}`
    const kept = copyOf(piece)
    this.#numbers.set(kept, number)
    this.#pieces.push(templateOf(kept))
    this.#room -= piece.length
    return number
  }
}

/** A piece, cut at its places: texts, and the numbers of the values between them. */
type Template = readonly (string | number)[]

function templateOf(piece: string): Template {
  return piece
    .split(ANY_PLACEHOLDER)
    .map((part, index) => (index % 2 === 0 ? part : PLACEHOLDERS.indexOf(part)))
}

function filled(template: Template, values: readonly string[]): string {
  let text = ''
  for (const part of template) text += typeof part === 'string' ? part : (values[part] ?? '')
  return text
}

/** The same characters: a slice would keep the whole text that it was cut from in memory. */
function copyOf(piece: string): string {
  return Buffer.from(piece).toString()
}

interface Piece {
  readonly text: string
  /** That begins it; undefined before the first. */
  readonly field: Field | undefined
}

function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  let from = 0
  let before: Field | undefined
  for (const field of FIELDS) {
    const at = text.indexOf(field.start, from)
    if (at < 0) continue
    pieces.push({ text: text.slice(from, at), field: before })
    from = at
    before = field
  }
  pieces.push({ text: text.slice(from), field: before })
  return pieces
}

/** What is left open, the name's last part first, which often is the `uid`. */
function valuesIn(pieces: readonly Piece[]): readonly string[] {
  const values = new Set<string>()
  for (const { text, field } of pieces) {
    if (!field?.isNaming) continue
    for (const [, value = ''] of text.matchAll(OWN)) {
      const last = value.slice(value.lastIndexOf('/') + 1)
      if (last.length >= SHORTEST && values.size < PLACEHOLDERS.length) values.add(last)
    }
  }
  return [...values]
}

function opened(piece: string, values: readonly string[]): string {
  return values.reduce((open, value, index) => open.replaceAll(value, PLACEHOLDERS.charAt(index)), piece)
}
