/** Joins emoji and letters of some scripts; harmless, and part of what names look like. */
const JOINERS = '\\u200C\\u200D'

const INVISIBLE = new RegExp(`(?![${JOINERS}])[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Surrogate}]`, 'gu')

/** What a terminal may obey: controls but for tab and line ends, line separators, and changes of direction. */
const OBEYED = /(?![\t\r\n])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/**
 * A name from outside as one line that can only be read: control characters, line breaks and characters that
 * change the direction of writing are shown as `\u001b`, so that no terminal or message obeys them.
 */
export function withVisibleControls(text: string): string {
  return text.replace(INVISIBLE, escapeSequence)
}

/** The text with nothing in it that a terminal would obey, tabs and line ends aside; JSON stays the same value. */
export function withVisibleControlsInData(text: string): string {
  return text.replace(OBEYED, escapeSequence)
}

function escapeSequence(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`
}

/** The text, or its beginning with `…` as the last of `length` characters (UTF-16 units). */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
