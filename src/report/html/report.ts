import { createHash } from 'node:crypto'
import { longDay } from '../../calendar.js'
import { HYGIENE_RULES, HYGIENE_TABLE } from '../../policy/hygiene.js'
import { RULE_TABLE, RULES } from '../../policy/rules.js'
import { withVisibleControls } from '../../records/visible-text.js'
import { RULE_STYLES } from '../chart/palette.js'
import { archiveBlocks } from '../digest/body.js'
import { hygieneText } from '../hygiene-words.js'
import { headerText } from '../news/headline.js'
import { makeNews } from '../news/news.js'
import { changesText, partitionText, stakesText, type Tile, tilesOf } from '../news/summary.js'
import { LIMITS } from '../slack/limits.js'
import { amount, counted, scopeText, sentenceCase } from '../wording.js'
import { colophon, coverage, evidence, notRead, policy } from './coverage.js'
import { countShown, dataElements, MOST_KEYS, type ReportFacts } from './data.js'
import { deadlines } from './deadline-section.js'
import { SCRIPT, STYLE } from './generated/page.js'
import { GROUP_NAMES, GROUPS } from './groups.js'
import { handOvers } from './hand-over.js'
import { type Content, lists, type Markup, markup, paragraph, trusted } from './markup.js'
import { trendSection } from './trend-section.js'

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
${trendSection(facts)}
</div>
${keysSection(facts)}
${handOvers(facts)}
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

/** The first line of all reports. */
function titleOf(facts: ReportFacts): string {
  return withVisibleControls(headerText(makeNews(facts), facts, LIMITS.header))
}

/** Which run this is, the news, and the key for which they matter the most. */
function header(facts: ReportFacts): Markup {
  const { run } = facts
  const judged = run.asOfOverridden ? `judged by ${longDay(run.asOf)}, not by its own day` : longDay(run.asOf)
  return markup`<header class="${run.outcome}">
<p class="origin">Gemini API keys of ${withVisibleControls(scopeText(run.scope))} · ${judged}</p>
<nav aria-label="Behind the table">${facts.affected.handOvers.length === 0 ? '' : markup`<a href="#hand-over">Hand-over</a> `}<a href="#deadlines">Deadlines</a> <a href="#evidence">Traffic</a> <a href="#coverage">Coverage</a> <a href="#policy">Policy</a></nav>
<h1>${titleOf(facts)}</h1>
${paragraph(stakesText(makeNews(facts), run), 'stakes')}
${lists(archiveBlocks(run))}
</header>`
}

/** The numbers of the run, each a filter of the table, and what they are made of. */
function numbers(facts: ReportFacts): Markup {
  const news = makeNews(facts)
  return markup`<section class="numbers" aria-label="Numbers">
<ul class="tiles">
${tilesOf(news).map(tile)}</ul>
${paragraph(partitionText(news, facts.run.asOf), 'quiet made-of')}
${paragraph(changesText(news, facts.run))}
${paragraph(hygieneText(facts.run), 'hygiene')}
</section>`
}

function tile({ name, label, count, note }: Tile): Content {
  const group = GROUP_NAMES.find((each) => GROUPS[each].tile === name)
  if (group === undefined) return ''
  return markup`<li><a class="tile ${group}" href="#show=${group}"><span class="label">${label}</span> <strong>${amount(count)}</strong>${note === undefined ? '' : markup` <small>${note}</small>`}</a></li>
`
}

/** What the page's script fills: filters, the table, and the dialog for one key. */
function keysSection(facts: ReportFacts): Markup {
  return markup`<section id="keys" aria-labelledby="keys-title" tabindex="-1">
<div class="title"><h2 id="keys-title">Keys</h2> <output id="shown" role="status" form="filters"></output> <button type="reset" id="clear" form="filters" hidden>Clear filters</button> <button type="button" id="link">Copy link</button></div>
${cutShort(facts)}
<noscript><p>The table needs the script in this page; it was not allowed to run.</p></noscript>
<p id="reading" class="quiet" role="status">Opening the keys …</p>
<form id="filters" role="search" aria-label="Keys" hidden>
<p class="search"><label for="q">Search</label> <input type="search" id="q" name="q" autocomplete="off" spellcheck="false" placeholder="Name, project, owner, uid …"></p>
<button type="button" id="more-filters" aria-expanded="false">Filters</button>
${choice('show', 'State', 'All states')}
${choice('project', 'Project', 'All projects')}
${choice('owner', 'Owner', 'All owners')}
${choice(
  'rule',
  'Rule',
  'All rules',
  RULES.map(
    (rule) => markup`<option value="${rule}">${sentenceCase(RULE_TABLE[rule].words.keys.many)}</option>`,
  ).concat(hygieneOptions(facts)),
)}
${choice('todo', 'To do', 'All to do')}
<p class="choice sort"><label for="sort">Sort by</label> <select id="sort" name="sort"></select></p>
</form>
<div id="table" role="grid" aria-label="Keys" aria-describedby="table-help" hidden></div>
<div id="none" hidden></div>
<p id="table-help" class="quiet" hidden>Arrow keys move from key to key, Enter opens one.</p>
<div id="print"></div>
<dialog id="key" aria-labelledby="key-title"></dialog>
<p id="told" class="unseen" role="status"></p>
</section>`
}

/** The rows of hygiene that some key has: most organizations have few of them. */
function hygieneOptions({ run: { counts } }: ReportFacts): readonly Markup[] {
  return HYGIENE_RULES.filter((id) => (counts.hygiene?.[id] ?? 0) > 0).map(
    (id) => markup`<option value="${id}">${HYGIENE_TABLE[id].title}</option>`,
  )
}

function choice(name: string, label: string, all: string, options: Content = ''): Markup {
  return markup`<p class="choice"><label for="${name}">${label}</label> <select id="${name}" name="${name}"><option value="">${all}</option>${options}</select></p>`
}

function cutShort(facts: ReportFacts): Content {
  const count = countShown(facts)
  if (count <= MOST_KEYS) return ''
  const rest = facts.rest ?? 'The key records of the run and its CSV have all of them.'
  return markup`<p><strong>${counted(MOST_KEYS, 'key')} of ${amount(count)}, the most urgent ones first.</strong> ${rest}</p>`
}
