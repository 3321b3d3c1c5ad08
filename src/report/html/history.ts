import { RULES } from '../../policy/rules.js'
import { affectedBy, type ChartRun, runsInOrder } from '../../records/trend.js'
import { withVisibleControls } from '../../records/visible-text.js'
import { chartSvg, ON_THE_PAGE } from '../chart/svg.js'
import { CHART_TITLE } from '../chart/words.js'
import { newsOf } from '../news/news.js'
import { changesText } from '../news/words.js'
import { counted } from '../wording.js'
import type { ReportFacts } from './facts.js'
import { type Content, markup } from './markup.js'

/** The chart with its numbers, and what changed since the last run; nothing before the third run. */
export function history(facts: ReportFacts): Content {
  const changes = changesText(newsOf(facts), facts.run)
  const changed = changes === undefined ? '' : markup`<p>${withVisibleControls(changes)}</p>`
  const runs = runsInOrder(facts.runs ?? [])
  const svg = chartSvg({ runs: runs ?? [], deadlines: facts.run.policy.deadlines }, ON_THE_PAGE)
  if (runs === undefined || svg === undefined) return changed
  return markup`<section aria-labelledby="history">
<h2 id="history">${CHART_TITLE}</h2>
<figure>
${svg}
<figcaption>
<details>
<summary>The numbers of ${counted(runs.length, 'run')}</summary>
<table>
<thead><tr><th scope="col">Day</th>${RULES.map((rule) => markup`<th scope="col">${rule}</th>`)}</tr></thead>
<tbody>
${runs.toReversed().map(
  (
    run,
  ) => markup`<tr><th scope="row">${run.day}${outcomeText(run)}</th>${RULES.map((rule) => markup`<td>${affectedBy(run, rule) ?? '–'}</td>`)}</tr>
`,
)}</tbody>
</table>
</details>
</figcaption>
</figure>
${changed}
</section>`
}

/** What breaks the line at a run. */
function outcomeText(run: ChartRun): string {
  if ('failed' in run) return ' (failed)'
  return run.complete ? '' : ' (incomplete)'
}
