import type { ChartRun } from '../chart/runs.js'
import type { DigestFacts } from '../digest/facts.js'
import { headline } from '../digest/headline.js'
import type { KeyRecord } from '../key-record.js'
import { shown } from '../shown.js'
import { coverage, notRead } from './coverage.js'
import { dataScripts } from './data.js'
import { deadlines } from './deadlines.js'
import { SCRIPT, STYLE } from './generated/page.js'
import { colophon, counts, heading } from './heading.js'
import { history } from './history.js'
import { keysSection } from './keys.js'
import { type Markup, markup, trusted } from './markup.js'
import { sourceOf } from './security.js'

/** What a report is made of: what the digest is made of, and the keys themselves. */
export interface ReportFacts extends DigestFacts {
  /** The affected keys, most urgent first. */
  readonly affectedKeys: Iterable<KeyRecord> | AsyncIterable<KeyRecord>
  /** Keys of the run in any order; those that are affected may be among them. */
  readonly keys: Iterable<KeyRecord> | AsyncIterable<KeyRecord>
  /** The run and those before it, for the chart. */
  readonly runs?: readonly ChartRun[]
  /** A sentence that says where all keys are, for when the table cannot hold them. */
  readonly rest?: string
}

/**
 * The report of a run as one HTML page that needs nothing else and asks nobody for anything, in pieces as
 * they are made. The table has the affected keys, most urgent first, then the exempt and latent ones.
 */
export async function* htmlReport(facts: ReportFacts): AsyncGenerator<string, void, undefined> {
  yield head(facts).markup
  yield body(facts).markup
  for await (const script of dataScripts(facts)) yield script.markup
  yield `<script>${SCRIPT}</script>\n</body>\n</html>\n`
}

/** Only what is in the page itself runs or styles it, and nothing is fetched from anywhere. */
function head(facts: ReportFacts): Markup {
  const policy = [
    "default-src 'none'",
    `script-src ${sourceOf(SCRIPT)}`,
    `style-src ${sourceOf(STYLE)}`,
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
<title>${shown(headline(facts))} · ${facts.run.asOf}</title>
<style>${trusted(STYLE)}</style>
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
