import { InvalidArgumentError } from 'commander'
import { interval, isLoopback, Refusal } from '../config/option-parsers.js'
import { OUTPUT_FORMATS, type Output } from './output-file.js'

/** What flags may hold, beside those of the table of options: each is its value, or commander's error. */

export function milliseconds(text: string): number {
  try {
    return interval(text)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new InvalidArgumentError(`It ${error.message}.`)
  }
}

export function oneOf<const Words extends readonly string[]>(words: Words): (text: string) => Words[number] {
  return (text) => {
    const found = words.find((word) => word === text)
    if (found === undefined) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`)
    return found
  }
}

/** `csv=keys.csv`, added to those before it. */
export function outputOf(text: string, earlier: readonly Output[] = []): readonly Output[] {
  const [, name = '', file = ''] = /^([^=]*)=(.+)$/s.exec(text) ?? []
  const format = OUTPUT_FORMATS.find((known) => known === name)
  if (format === undefined) {
    throw new InvalidArgumentError(`It must be FORMAT=FILE, with one of ${OUTPUT_FORMATS.join(', ')}.`)
  }
  return [...earlier, { format, file }]
}

export function listOf<const Words extends readonly string[]>(
  words: Words,
): (text: string) => Words[number][] {
  return (text) => text.split(',').map((part) => oneOf(words)(part.trim()))
}

export function positive(text: string): number {
  const number = /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : 0
  if (number <= 0) throw new InvalidArgumentError('It must be a number above 0.')
  return number
}

export function onThisMachine(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text) && isLoopback(text)) return text
  throw new InvalidArgumentError('It must be an address on this machine, such as http://127.0.0.1:8080/.')
}

export function repeated(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text]
}

export function seedNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number of at most 9 digits.')
  return Number(text)
}

export function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65535)) throw new InvalidArgumentError('It must be a port from 0 to 65535.')
  return port
}
