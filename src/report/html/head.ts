import { longDay } from '../../calendar.js'
import { withVisibleControls } from '../../records/visible-text.js'
import { archiveBlocks } from '../digest/body.js'
import { newsOf } from '../news/news.js'
import { changesText, headerText, partitionText, stakesText, type Tile, tilesOf } from '../news/words.js'
import { LIMITS } from '../slack/limits.js'
import { amount, scopeText } from '../wording.js'
import type { ReportFacts } from './data.js'
import { GROUP_NAMES, GROUPS } from './groups.js'
import { type Content, type Markup, markup } from './markup.js'
import { lists, paragraph } from './parts.js'

/** The first line of all reports. */
export function titleOf(facts: ReportFacts): string {
  return withVisibleControls(headerText(newsOf(facts), facts, LIMITS.header))
}

/** Which run this is, the news, and the key for which they matter the most. */
export function header(facts: ReportFacts): Markup {
  const { run } = facts
  const judged = run.asOfOverridden ? `judged by ${longDay(run.asOf)}, not by its own day` : longDay(run.asOf)
  return markup`<header class="${run.outcome}">
<p class="origin">Gemini API keys of ${withVisibleControls(scopeText(run.scope))} · ${judged}</p>
<nav aria-label="Behind the table"><a href="#deadlines">Deadlines</a> <a href="#evidence">Traffic</a> <a href="#coverage">Coverage</a> <a href="#policy">Policy</a></nav>
<h1>${titleOf(facts)}</h1>
${paragraph(stakesText(newsOf(facts), run), 'stakes')}
${lists(archiveBlocks(run))}
</header>`
}

/** The numbers of the run, each a filter of the table, and what they are made of. */
export function numbers(facts: ReportFacts): Markup {
  const news = newsOf(facts)
  return markup`<section class="numbers" aria-label="Numbers">
<ul class="tiles">
${tilesOf(news).map(tile)}</ul>
${paragraph(partitionText(news, facts.run.asOf), 'quiet made-of')}
${paragraph(changesText(news, facts.run))}
</section>`
}

function tile({ name, label, count, note }: Tile): Content {
  const group = GROUP_NAMES.find((each) => GROUPS[each].tile === name)
  if (group === undefined) return ''
  return markup`<li><a class="tile ${group}" href="#show=${group}"><span class="label">${label}</span> <strong>${amount(count)}</strong>${note === undefined ? '' : markup` <small>${note}</small>`}</a></li>
`
}
