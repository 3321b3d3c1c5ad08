import { addDays, dayOf, daysBetween, monthDay } from '../../calendar.js'
import type { Day } from '../../model.js'
import type { KeyRecord } from '../../records/key-record.js'
import { withVisibleControls } from '../../records/visible-text.js'
import { ownerText, titleOf } from '../key-words.js'
import { amount, counted } from '../wording.js'
import type { ReportFacts } from './data.js'
import { type Content, type Markup, markup } from './markup.js'

/** The calls of a standard key and of the auth key that probably replaces it, on one day. */
interface DayOfBoth {
  readonly day: Day
  readonly standard: number
  /** Undefined where they are not known. */
  readonly auth: number | undefined
}

type Pair = KeyRecord & { readonly replacement: NonNullable<KeyRecord['replacement']> }

/** How the calls of standard keys move to the auth keys that probably replace them; nothing where there is none. */
export function handOvers({ affected }: ReportFacts): Content {
  const pairs = affected.handOvers.filter((record): record is Pair => record.replacement !== undefined)
  if (pairs.length === 0) return ''
  return markup`<section aria-labelledby="hand-over">
<h2 id="hand-over">Hand-over to auth keys</h2>
<p class="quiet">${introduction(affected.replaced, pairs.length)}</p>
<ul class="pairs">
${pairs.map(pairItem)}</ul>
</section>`
}

function introduction(replaced: number, shown: number): string {
  const keys = `${counted(replaced, 'affected key')} ${replaced === 1 ? 'has' : 'have'} an auth key that probably replaces ${replaced === 1 ? 'it' : 'them'}`
  const some =
    shown === replaced
      ? ''
      : ` Here are ${shown} of them, those first of which the calls of both keys are known.`
  return `${keys}. Which auth key replaces which standard key is a guess: Google does not say it. Accepted calls of the Gemini API by day, in UTC; the last day is not over.${some}`
}

function pairItem(record: Pair): Markup {
  const { replacement, key } = record
  const { displayName, key: name, because } = replacement
  const successor = titleOf({ key: { name, ...(displayName !== undefined && { displayName }) } })
  const days = daysOf(record)
  return markup`<li>
<h3>${withVisibleControls(titleOf(record))} → probably ${withVisibleControls(successor)}</h3>
<p>${withVisibleControls(`${key.project.id}, ${ownerText(record)}`)}</p>
<figure>
${bars(days, record.asOf)}
<figcaption>
<p class="quiet">${withVisibleControls(because)}</p>
<details>
<summary>The calls of ${counted(days.length, 'day')}</summary>
<table>
<thead><tr><th scope="col">Day</th><th scope="col">Standard key</th><th scope="col">Auth key</th></tr></thead>
<tbody>
${days.toReversed().map(
  ({
    day,
    standard,
    auth,
  }) => markup`<tr><th scope="row">${day}</th><td>${amount(standard)}</td><td>${authText(auth)}</td></tr>
`,
)}</tbody>
</table>
</details>
</figcaption>
</figure>
</li>
`
}

function authText(calls: number | undefined): string {
  return calls === undefined ? 'not known' : amount(calls)
}

/** Every day of the window; the record leaves out those without calls. */
function daysOf({ replacement, usage, evidence }: Pair): readonly DayOfBoth[] {
  const { calls = [] } = replacement
  const known = new Map(calls.map((each) => [each.day, each]))
  const first = 'unknown' in usage ? calls[0]?.day : usage.since
  if (first === undefined) return []
  const isAuthKnown = calls.some(({ auth }) => auth !== undefined)
  const count = daysBetween(first, dayOf(evidence.key.readAt, 'UTC')) + 1
  return Array.from({ length: count }, (_, index) => {
    const day = addDays(first, index)
    const { standard = 0, auth = 0 } = known.get(day) ?? {}
    return { day, standard, auth: isAuthKnown ? auth : undefined }
  })
}

const WIDTH = 380
const ROW = 48
/** Between the name of a row and its bars. */
const NAME = 24
const LEGEND = 20

/** Two rows of bars, one below the other on the same days and the same scale. Beside its colour each row has its name. */
function bars(days: readonly DayOfBoth[], asOf: Day): Markup {
  const most = Math.max(1, ...days.flatMap(({ standard, auth = 0 }) => [standard, auth]))
  const [first, last] = [days[0], days.at(-1)]
  const isAuthKnown = last?.auth !== undefined
  const height = 2 * NAME + (isAuthKnown ? 2 : 1) * ROW + LEGEND
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${altText(days, asOf)}" font-family="inherit" font-size="13">
${row(
  days.map(({ standard }) => standard),
  { name: 'Standard key', top: 0, most, color: 'var(--risk)' },
)}
${
  isAuthKnown
    ? row(
        days.map(({ auth = 0 }) => auth),
        { name: 'Auth key', top: NAME + ROW, most, color: 'var(--accent)' },
      )
    : markup`<text y="${2 * NAME + ROW - 5}" fill="var(--text)">Auth key: calls not known</text>
`
}<text y="${height - 4}" fill="var(--quiet)">${first === undefined ? '' : monthDay(first.day, asOf)}</text>
<text x="${WIDTH}" y="${height - 4}" text-anchor="end" fill="var(--quiet)">${last === undefined ? '' : monthDay(last.day, asOf)}</text>
</svg>`
}

interface Row {
  readonly name: string
  readonly top: number
  /** The calls of the highest bar of both rows. */
  readonly most: number
  readonly color: string
}

function row(calls: readonly number[], { name, top, most, color }: Row): Markup {
  const base = top + NAME + ROW
  const step = WIDTH / calls.length
  const heights = calls.map((count) => (ROW * count) / most)
  return markup`<text y="${top + NAME - 5}" fill="var(--text)">${name}: ${amount(Math.max(...calls))} calls on the busiest day</text>
<path d="M0 ${base}H${WIDTH}" stroke="var(--line)"/>
${heights.map((height, index) =>
  height === 0
    ? ''
    : markup`<rect x="${rounded(index * step + 1)}" y="${rounded(base - Math.max(1, height))}" width="${rounded(step - 2)}" height="${rounded(Math.max(1, height))}" fill="${color}"/>
`,
)}`
}

/** What the bars show, for people who do not see them: the first whole week and the last one. */
function altText(days: readonly DayOfBoth[], asOf: Day): string {
  const whole = days.slice(0, -1)
  const [early, late] = [whole.slice(0, 7), whole.slice(-7)]
  const sum = (some: readonly DayOfBoth[], of: 'standard' | 'auth') =>
    amount(some.reduce((total, each) => total + (each[of] ?? 0), 0))
  const from = early[0] === undefined ? '' : ` from ${monthDay(early[0].day, asOf)}`
  const auth =
    late[0]?.auth === undefined
      ? 'of the auth key not known'
      : `of the auth key ${sum(early, 'auth')} and ${sum(late, 'auth')}`
  return `Calls of 7 days${from} and of the last 7 whole days: of the standard key ${sum(early, 'standard')} and ${sum(late, 'standard')}, ${auth}`
}

function rounded(length: number): number {
  return Math.round(length * 10) / 10
}
