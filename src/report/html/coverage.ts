import { type GapRecord, unexpected } from '../../records/gap-record.js'
import { withVisibleControls } from '../../records/visible-text.js'
import { archiveBlocks, attentionList, coverageText, readingList } from '../digest/body.js'
import type { DigestFacts } from '../digest/facts.js'
import { gapLine, unreadText } from '../gap-words.js'
import { counted } from '../wording.js'
import { lines } from './lines.js'
import { type Content, type Markup, markup } from './markup.js'

/** Every gap that the policy does not know, with its reason and what makes it readable. */
export function notRead({ gaps }: DigestFacts): Content {
  const told = unexpected(gaps)
  if (told.length === 0) return ''
  return markup`<section class="gaps" aria-labelledby="not-read">
<h2 id="not-read">Not read: ${withVisibleControls(unreadText(told))}</h2>
<ul>
${told.slice(0, OPEN).map(gapItem)}</ul>
${more(told.slice(OPEN))}
</section>`
}

/** Gaps further down would hide everything else. */
const OPEN = 5

function more(gaps: readonly GapRecord[]): Content {
  if (gaps.length === 0) return ''
  return markup`<details>
<summary>${counted(gaps.length, 'more cause')}</summary>
<ul>
${gaps.map(gapItem)}</ul>
</details>`
}

/** What was read and what was left out, and what of the policy runs out. */
export function coverage(facts: DigestFacts): Markup {
  const known = facts.gaps.filter((gap) => gap.known)
  const told = [...archiveBlocks(facts.run), ...attentionList(facts.run), ...readingList(facts.run)]
  return markup`<section aria-label="Coverage">
<h2>Coverage</h2>
<p>${withVisibleControls(coverageText(facts))}</p>
${lines(told)}
${
  known.length === 0
    ? ''
    : markup`<h2>Known gaps</h2>
<ul>
${known.map(gapItem)}</ul>`
}
</section>`
}

function gapItem(gap: GapRecord): Markup {
  return markup`<li>
<p>${withVisibleControls(gapLine(gap))} <code>${withVisibleControls(gap.reason)}</code></p>
<p>To do: ${fixOf(gap.fix)}</p>
${subjectsOf(gap)}
</li>
`
}

/** The command at the end of a fix, with a button that the page's script adds. */
function fixOf(fix: string): Content {
  const start = fix.search(/\bgcloud /)
  if (start < 0) return withVisibleControls(fix)
  return markup`${withVisibleControls(fix.slice(0, start))}<code class="command">${withVisibleControls(fix.slice(start))}</code>`
}

function subjectsOf({ subjects, subjectCount }: GapRecord): Content {
  if (subjectCount === 1) return ''
  const rest = subjectCount - subjects.length
  return markup`<details>
<summary>All ${subjectCount.toLocaleString('en-US')}</summary>
<p>${withVisibleControls(subjects.join(', '))}${rest === 0 ? '' : ` and ${rest} more`}</p>
</details>`
}
