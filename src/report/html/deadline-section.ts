import { GOOGLE_DEADLINES } from '../../policy/deadlines.js'
import { RULE_TABLE, RULES, type Rule } from '../../policy/rules.js'
import type { JudgedRunRecord } from '../../records/run-record.js'
import { withVisibleControls } from '../../records/visible-text.js'
import type { DigestFacts } from '../digest/digest-facts.js'
import { makeNews } from '../news/news.js'
import type { PartitionRow } from '../news/statement.js'
import { deadlineWords, partText } from '../news/summary.js'
import { amount, counted, deadlineText } from '../wording.js'
import { type Content, type Markup, markup } from './markup.js'

/** Each rule with its deadline, what was announced, and how many keys it concerns. */
export function deadlines(facts: DigestFacts): Markup {
  const { partition } = makeNews(facts)
  return markup`<section aria-labelledby="deadlines">
<h2 id="deadlines">Deadlines</h2>
<ul class="rules">
${RULES.map((rule) =>
  ruleItem(
    facts.run,
    rule,
    partition.filter((row) => row.rule === rule),
  ),
)}</ul>
</section>`
}

function ruleItem(run: JudgedRunRecord, rule: Rule, rows: readonly PartitionRow[]): Markup {
  const { source, checked } = run.policy.deadlines[rule]
  return markup`<li class="${rule}">
<h3><a href="#rule=${rule}">${RULE_TABLE[rule].title}</a></h3>
${rows.length === 0 ? markup`<p><strong>0</strong> keys, ${dateOf(run, rule)}</p>` : rows.map((row) => said(row, run))}
${announced(run, rule)}
<p class="quiet">Source: ${sourceLink(source)}${checked === undefined ? '' : `, last looked at on ${checked}`}</p>
</li>
`
}

/** The keys of which this is the strictest rule, as the digest counts them. */
function said(row: PartitionRow, { asOf }: JudgedRunRecord): Markup {
  const { daysLeft } = row.deadline
  const days = daysLeft > 0 ? `${counted(daysLeft, 'day')} left` : `${counted(-daysLeft, 'day')} ago`
  return markup`<p><strong class="${daysLeft > 0 ? 'due' : 'overdue'}">${amount(row.keys)}</strong> ${partText(row)}, ${deadlineWords(row.deadline, asOf)}, ${days}</p>
`
}

function dateOf({ policy }: JudgedRunRecord, rule: Rule): string {
  const { date, precision, status } = policy.deadlines[rule]
  if (date === 'none') return 'switched off by the policy'
  const day = deadlineText({ date, precision })
  return status === 'announced' ? `announced for ${day}` : `in force since ${day}`
}

/** What Google says, where its deadline was applied, or who moved it and why. */
function announced({ policy }: JudgedRunRecord, rule: Rule): Content {
  const override = policy.overrides.find((moved) => moved.rule === rule)
  if (override !== undefined) {
    const { reason, approvedBy, until } = override
    const end = until === undefined ? '' : `, until ${until}`
    return markup`<p>Set by the policy${end}: ${withVisibleControls(reason)} (approved by ${withVisibleControls(approvedBy)})</p>`
  }
  const google = GOOGLE_DEADLINES[rule]
  return google.date === policy.deadlines[rule].date ? markup`<p class="quiet">${google.note}</p>` : ''
}

function sourceLink(source: string): Content {
  if (!source.startsWith('https://')) return withVisibleControls(source)
  return markup`<a href="${source}" rel="noreferrer">${withVisibleControls(source)}</a>`
}
