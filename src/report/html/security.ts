import { createHash } from 'node:crypto'
import { type Markup, trusted } from './markup.js'

/** What a Content-Security-Policy calls an inline script or style, so that only this one is obeyed. */
export function sourceOf(inline: string): string {
  return `'sha256-${createHash('sha256').update(inline, 'utf8').digest('base64')}'`
}

/**
 * A value as JSON that can stand in a script element: nothing in it ends the element, opens a comment or
 * breaks a line for anybody who reads it as a script.
 *
 * @see https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
 */
export function dataOf(value: object): Markup {
  const text = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return trusted(text)
}
