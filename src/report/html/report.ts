import { createHash } from 'node:crypto'
import { withVisibleControls } from '../../records/visible-text.js'
import { RULE_STYLES } from '../chart/palette.js'
import { newsOf } from '../news/news.js'
import { headerText } from '../news/words.js'
import { LIMITS } from '../slack/limits.js'
import { coverage, notRead } from './coverage.js'
import { dataElements } from './data.js'
import { deadlines } from './deadlines.js'
import type { ReportFacts } from './facts.js'
import { SCRIPT, STYLE } from './generated/page.js'
import { colophon, counts, heading } from './heading.js'
import { history } from './history.js'
import { keysSection } from './keys.js'
import { type Markup, markup, trusted } from './markup.js'

/**
 * The report of a run as one HTML page that needs nothing else and asks nobody for anything, in pieces as
 * they are made. The table has the affected keys, most urgent first, then the exempt and latent ones.
 */
export async function* htmlReport(facts: ReportFacts): AsyncGenerator<string, void, undefined> {
  yield head(facts).markup
  yield body(facts).markup
  for await (const script of dataElements(facts)) yield script.markup
  yield `<script>${SCRIPT}</script>\n</body>\n</html>\n`
}

/** The page's own style, and what the rules bring. */
const STYLES = `${STYLE}${RULE_STYLES}`

/** Only what is in the page itself runs or styles it, and nothing is fetched from anywhere. */
function head(facts: ReportFacts): Markup {
  const policy = [
    "default-src 'none'",
    `script-src ${sourceOf(SCRIPT)}`,
    `style-src ${sourceOf(STYLES)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${withVisibleControls(headerText(newsOf(facts), facts, LIMITS.header))} · ${facts.run.asOf}</title>
<style>${trusted(STYLES)}</style>
</head>
`
}

function body(facts: ReportFacts): Markup {
  const isIncomplete = facts.run.outcome === 'incomplete'
  return markup`<body>
<a class="skip" href="#keys">To the keys</a>
${heading(facts)}
<main>
${isIncomplete ? notRead(facts) : ''}
${counts(facts)}
<div class="columns">
${deadlines(facts)}
${history(facts)}
</div>
${keysSection(facts)}
${coverage(facts)}
${isIncomplete ? '' : notRead(facts)}
</main>
${colophon(facts)}
`
}

/** What a Content-Security-Policy calls an inline script or style, so that only this one is obeyed. */
function sourceOf(inline: string): string {
  return `'sha256-${createHash('sha256').update(inline, 'utf8').digest('base64')}'`
}
