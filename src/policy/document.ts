import { Buffer } from 'node:buffer'
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  parseDocument,
} from 'yaml'

/** A policy's text goes into one compliance record, and a log entry holds 256 KiB. */
const LARGEST = 200 * 1024

/** No policy nests half as deep. Deeper ones would be composed by recursion until the stack ends. */
const DEEPEST = 20

/** What a YAML file says, and where it says it. */
export interface ParsedYaml {
  /** The document as plain values; null for an empty file. */
  readonly value: unknown
  /** The line, from 1, of what a path leads to, or of the last part of the path that exists. */
  readonly lineOf: (path: readonly PropertyKey[]) => number
}

/** What is wrong with a text as YAML, and on which line. */
export interface Flaw {
  readonly line: number
  readonly what: string
}

/** Reads one YAML 1.2 document, or every reason why it is none. */
export function readDocument(text: string): ParsedYaml | readonly Flaw[] {
  const tooMuch = excessOf(text)
  if (tooMuch !== undefined) return [{ line: 1, what: tooMuch }]
  const lines = new LineCounter()
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    stringKeys: true,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter: lines,
  })
  const flaws = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    line: lines.linePos(pos[0]).line,
    what: notYaml(message),
  }))
  return flaws.length > 0 ? flaws : valuesOf(document, lines)
}

function excessOf(text: string): string | undefined {
  const size = Buffer.byteLength(text)
  if (size > LARGEST)
    return `is ${size} bytes long; allowed: ${LARGEST}, so that a compliance record can hold it`
  return nestsDeeperThan(DEEPEST, text) ? `nests deeper than ${DEEPEST} levels` : undefined
}

/** Looks at the tokens only: their parser keeps its own stack, while the composer recurses. */
function nestsDeeperThan(limit: number, text: string): boolean {
  const parser = new Parser()
  for (const token of new Lexer().lex(text)) {
    for (const _ of parser.next(token));
    if (parser.stack.length > limit) return true
  }
  return false
}

function valuesOf(document: Document.Parsed, lines: LineCounter): ParsedYaml | readonly Flaw[] {
  try {
    const value: unknown = document.toJS()
    return { value, lineOf: (path) => lines.linePos(offsetOf(document, path)).line }
  } catch (error) {
    // An alias without its anchor, and aliases that multiply without end.
    if (error instanceof ReferenceError) return [{ line: 1, what: notYaml(error.message) }]
    throw error
  }
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let offset = 0
  let node: Node | null | undefined = document.contents
  for (const name of path) {
    const at = stepInto(isAlias(node) ? node.resolve(document) : node, name)
    if (at === undefined) break
    offset = at.offset
    node = at.node
  }
  return offset
}

function stepInto(node: unknown, name: PropertyKey): { offset: number; node: Node | null } | undefined {
  if (isSeq<Node>(node)) return placed(node.items[Number(name)], undefined)
  if (!isMap<Node, Node | null>(node)) return undefined
  const pair = node.items.find(({ key }) => isScalar(key) && key.value === name)
  return placed(pair?.key, pair?.value)
}

/** A name stands where its value may begin only lines later, so that the name is the better place. */
function placed(at: Node | undefined, value: Node | null | undefined) {
  const start = at?.range?.[0]
  return start === undefined ? undefined : { offset: start, node: value === undefined ? (at ?? null) : value }
}

/** The parser's own words, which may repeat a piece of the file. */
function notYaml(message: string): string {
  return `is not YAML as it should be: ${message.replace(/\p{Cc}+/gu, ' ').slice(0, 200)}`
}
