import { createHash } from 'node:crypto'
import { RULE_STYLES } from '../chart/palette.js'
import { colophon, coverage, evidence, notRead, policy } from './coverage.js'
import { dataElements, type ReportFacts } from './data.js'
import { deadlines } from './deadlines.js'
import { development } from './development.js'
import { SCRIPT, STYLE } from './generated/page.js'
import { header, numbers, titleOf } from './head.js'
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
    'font-src data:',
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
<title>${titleOf(facts)} · ${facts.run.asOf}</title>
<style>${trusted(STYLES)}</style>
</head>
`
}

function body(facts: ReportFacts): Markup {
  return markup`<body>
<a class="skip" href="#keys">To the keys</a>
${header(facts)}
<main>
${notRead(facts)}
<div class="overview">
${numbers(facts)}
${development(facts)}
</div>
${keysSection(facts)}
${deadlines(facts)}
${evidence(facts)}
${coverage(facts)}
${policy(facts)}
</main>
${colophon(facts)}
`
}

/** What a Content-Security-Policy calls an inline script or style, so that only this one is obeyed. */
function sourceOf(inline: string): string {
  return `'sha256-${createHash('sha256').update(inline, 'utf8').digest('base64')}'`
}
