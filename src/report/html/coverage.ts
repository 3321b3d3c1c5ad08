import type { Advice } from '../../errors.js'
import { type GapRecord, unexpected } from '../../records/gap-record.js'
import { withVisibleControls } from '../../records/visible-text.js'
import { attentionList, coverageText, exceptionsList, originOf, readingList } from '../digest/body.js'
import type { DigestFacts } from '../digest/digest-facts.js'
import { evidenceOf } from '../evidence.js'
import { gapLine, unreadText } from '../gap-words.js'
import { amount } from '../wording.js'
import { type Content, lists, type Markup, markup, paragraph } from './markup.js'

/** Every gap that the policy does not know, as one line that unfolds: its reason, and what makes it readable. */
export function notRead({ gaps }: DigestFacts): Content {
  const unread = unexpected(gaps)
  if (unread.length === 0) return ''
  return markup`<details class="gaps">
<summary>Could not read: ${withVisibleControls(unreadText(unread))}</summary>
<ul>
${unread.map(gapItem)}</ul>
</details>`
}

/** What the traffic of each rule's keys shows, next to what was announced. */
export function evidence({ run }: DigestFacts): Content {
  const sentences = evidenceOf(run)
  if (sentences.length === 0) return ''
  return markup`<section aria-labelledby="evidence">
<h2 id="evidence">What the traffic shows</h2>
<ul>
${sentences.map(
  (sentence) => markup`<li>${sentence}</li>
`,
)}</ul>
</section>`
}

/** What was read and how, and what was left out. */
export function coverage(facts: DigestFacts): Markup {
  const known = facts.gaps.filter((gap) => gap.known)
  return markup`<section aria-labelledby="coverage">
<h2 id="coverage">Coverage</h2>
${paragraph(coverageText(facts), 'text')}
${lists(readingList(facts.run))}
${
  known.length === 0
    ? ''
    : markup`<h3>Known gaps</h3>
<ul>
${known.map(gapItem)}</ul>`
}
</section>`
}

/** What of the policy ended or ends soon, and its exceptions; nothing where it has none. */
export function policy(facts: DigestFacts): Content {
  const blocks = [...attentionList(facts.run), ...exceptionsList(facts)]
  if (blocks.length === 0) return ''
  return markup`<section aria-labelledby="policy">
<h2 id="policy">Policy</h2>
${lists(blocks)}
</section>`
}

/** Where the report comes from: the digest's last line. */
export function colophon(facts: DigestFacts): Markup {
  const { judgedAt, records } = facts.run
  return markup`<footer>
${paragraph(originOf(facts).join(' · '))}
<p>Judged ${judgedAt}; ${amount(records.count)} records with the digest <code>${records.sha256}</code>.</p>
</footer>`
}

function gapItem(gap: GapRecord): Markup {
  return markup`<li>
<p>${withVisibleControls(gapLine(gap))} <code>${withVisibleControls(gap.reason)}</code></p>
<p>To do: ${fixOf(gap)}</p>
${subjectsOf(gap)}
</li>
`
}

/** What to do; records of older versions have it as a sentence only. */
function fixOf({ advice, fix }: GapRecord): Content {
  if (advice === undefined) return withVisibleControls(fix)
  return advice.map((one, index) => markup`${index === 0 ? '' : '; or '}${adviceOf(one)}`)
}

/** The page's script adds a button to a command. */
function adviceOf({ say, command, url }: Advice): Markup {
  const says = withVisibleControls(say)
  if (command !== undefined) {
    return markup`${says}: <code class="command">${withVisibleControls(command)}</code>`
  }
  return url === undefined ? markup`${says}` : markup`${says}: ${withVisibleControls(url)}`
}

function subjectsOf({ subjects, subjectCount }: GapRecord): Content {
  if (subjectCount === 1) return ''
  const rest = subjectCount - subjects.length
  return markup`<details>
<summary>All ${amount(subjectCount)}</summary>
<p>${withVisibleControls(subjects.join(', '))}${rest === 0 ? '' : ` and ${amount(rest)} more`}</p>
</details>`
}
