const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
])

/**
 * Text for `text` and `mrkdwn`, where Slack reads `<!channel>` and links: as it stands, with nobody called.
 * At most `length` characters after escaping; never ends within an entity.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function escaped(text: string, length: number): string {
  const whole = escapeAll(text)
  if (whole.length <= length) return whole
  let room = length - 1
  let end = 0
  for (const character of text) {
    room -= ENTITIES.get(character)?.length ?? character.length
    if (room < 0) break
    end += character.length
  }
  return `${escapeAll(text.slice(0, end))}…`
}

function escapeAll(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES.get(character) ?? character)
}
