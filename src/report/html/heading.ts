import { longDay } from '../../calendar.js'
import type { Verdict } from '../../model.js'
import { withVisibleControls } from '../../records/visible-text.js'
import { originOf } from '../digest/body.js'
import type { DigestFacts } from '../digest/facts.js'
import { newsOf } from '../news/news.js'
import { newsLine } from '../news/words.js'
import { scopeText } from '../wording.js'
import { type Markup, markup } from './markup.js'

/** The first line as in Slack, and which run this is. */
export function heading(facts: DigestFacts): Markup {
  const { run } = facts
  const judged = run.asOfOverridden ? `judged by ${longDay(run.asOf)}, not by its own day` : longDay(run.asOf)
  return markup`<header class="${run.outcome}">
<p class="quiet">Gemini API keys of ${withVisibleControls(scopeText(run.scope))} · ${judged}</p>
<h1>${withVisibleControls(newsLine(newsOf(facts), facts))}</h1>
</header>`
}

const SAID: Readonly<Record<Verdict, string>> = {
  overdue: 'overdue',
  due: 'due',
  unknown: 'could not be judged',
  exempt: 'exempt',
  latent: 'latent: the API is off',
  compliant: 'compliant',
  'not-affected': 'not affected',
  deleted: 'deleted, not counted',
}

const IN_TABLE: readonly Verdict[] = ['unknown', 'exempt', 'latent']
const NOT_IN_TABLE: readonly Verdict[] = ['compliant', 'not-affected', 'deleted']

/** How many keys have a verdict. Overdue and due keys are counted by rule, with the deadlines. */
export function counts({ run }: DigestFacts): Markup {
  const { verdict, keys } = run.counts
  return markup`<section aria-label="Counts">
<ul class="counts">
<li><strong>${keys.toLocaleString('en-US')}</strong> keys in ${run.coverage.projects.toLocaleString('en-US')} ${run.coverage.projects === 1 ? 'project' : 'projects'}</li>
${IN_TABLE.map(
  (
    name,
  ) => markup`<li><a href="#verdict=${name}"><strong>${verdict[name].toLocaleString('en-US')}</strong> ${SAID[name]}</a></li>
`,
)}${NOT_IN_TABLE.map(
  (name) => markup`<li><strong>${verdict[name].toLocaleString('en-US')}</strong> ${SAID[name]}</li>
`,
)}</ul>
</section>`
}

/** Where the report comes from: the digest's last line. */
export function colophon(facts: DigestFacts): Markup {
  return markup`<footer class="quiet">
<p>${withVisibleControls(originOf(facts).join(' · '))}</p>
<p>Judged ${facts.run.judgedAt}; ${facts.run.records.count.toLocaleString('en-US')} records with the digest <code>${facts.run.records.sha256}</code>.</p>
</footer>`
}
