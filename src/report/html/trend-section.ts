import { ACTIONS, type Action } from '../../model.js'
import { RULE_TABLE, RULES } from '../../policy/rules.js'
import { affectedBy, type ChartRun, runsInOrder } from '../../records/trend.js'
import { chartSvg, ON_THE_PAGE } from '../chart/svg.js'
import { CHART_TITLE } from '../chart/words.js'
import { ACTION_WORDS } from '../glossary.js'
import { countToLookAt } from '../hygiene-words.js'
import { amount, counted, sentenceCase } from '../wording.js'
import type { ReportFacts } from './data.js'
import { type Content, type Markup, markup } from './markup.js'

/** How the affected keys became fewer; before there are runs to compare, all keys by what has to be done. */
export function trendSection(facts: ReportFacts): Markup {
  const chart = burnDown(facts)
  return chart ?? allKeys(facts)
}

function burnDown(facts: ReportFacts): Markup | undefined {
  const runs = runsInOrder(facts.runs ?? [])
  const svg = chartSvg({ runs: runs ?? [], deadlines: facts.run.policy.deadlines }, ON_THE_PAGE)
  if (runs === undefined || svg === undefined) return undefined
  return markup`<details id="development" class="card" open>
<summary><h2>${CHART_TITLE}</h2></summary>
<figure>
${svg}
<figcaption>
<details>
<summary>The numbers of ${counted(runs.length, 'run')}</summary>
<table>
<thead><tr><th scope="col">Day</th>${RULES.map((rule) => markup`<th scope="col">${sentenceCase(RULE_TABLE[rule].words.short)}</th>`)}</tr></thead>
<tbody>
${runs.toReversed().map(
  (
    run,
  ) => markup`<tr><th scope="row">${run.day}${outcomeText(run)}</th>${RULES.map((rule) => markup`<td>${amountOf(affectedBy(run, rule))}</td>`)}</tr>
`,
)}</tbody>
</table>
</details>
</figcaption>
</figure>
</details>`
}

/** What breaks the lines at a run. */
function outcomeText(run: ChartRun): string {
  if ('failed' in run) return ' (failed)'
  return run.complete ? '' : ' (incomplete)'
}

function amountOf(keys: number | undefined): string {
  return keys === undefined ? '–' : amount(keys)
}

/** Some of all keys, and the filter of the table that shows them. */
interface BarPart {
  readonly label: string
  readonly keys: number
  readonly link?: string
}

/** One bar of all keys. Its parts stand below it in their order, so that no colour is needed to tell them. */
function allKeys(facts: ReportFacts): Markup {
  const parts = partsOf(facts)
  const all = parts.reduce((sum, { keys }) => sum + keys, 0)
  return markup`<details id="development" class="card" open>
<summary><h2>${counted(all, 'key')} by what has to be done</h2></summary>
<svg class="bar" width="100%" height="16" aria-hidden="true">${barOf(parts, all)}</svg>
<ul class="parts">
${parts.map(
  ({ label, keys, link }, index) =>
    markup`<li class="part-${index}"><strong>${amount(keys)}</strong> ${link === undefined ? label : markup`<a href="${link}">${label}</a>`}</li>
`,
)}</ul>
</details>`
}

function barOf(parts: readonly BarPart[], all: number): Content {
  let before = 0
  return parts.map(({ keys }, index) => {
    const x = (100 * before) / all
    before += keys
    return markup`<rect class="part-${index}" x="${x.toFixed(2)}%" width="${((100 * keys) / all).toFixed(2)}%" height="16"/>`
  })
}

function partsOf({ run, affected }: ReportFacts): readonly BarPart[] {
  const { keys, verdict } = run.counts
  const asked = ACTIONS.flatMap((action) => partOf(action, affected.actions[action] ?? 0))
  const looked = countToLookAt(run.counts)
  const rest = keys - asked.reduce((sum, part) => sum + part.keys, 0) - verdict.exempt - looked
  return [
    ...asked,
    { label: 'Exempt', keys: verdict.exempt, link: '#show=exempt' },
    { label: 'No deadline, to look at', keys: looked, link: '#show=to-look-at' },
    { label: 'Nothing to do', keys: rest },
  ].filter((part) => part.keys > 0)
}

function partOf(action: Action, keys: number): readonly BarPart[] {
  return action === 'none'
    ? []
    : [{ label: sentenceCase(ACTION_WORDS[action]), keys, link: `#todo=${action}` }]
}
