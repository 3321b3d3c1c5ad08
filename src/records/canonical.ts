import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'

/**
 * The canonical JSON form of a value after RFC 8785: equal values have equal bytes.
 * Throws on what JSON cannot say: NaN, infinities, lone surrogates, cycles.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8785
 */
export function canonical(value: object): string {
  const text = canonicalize(value)
  if (text === undefined) throw new Error('a value without a JSON form has no canonical form')
  return text
}

/** What `sha256` makes. */
export const SHA_256 = /^[0-9a-f]{64}$/

/** SHA-256 of the text's UTF-8 bytes, 64 lower-case hexadecimal digits. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}
