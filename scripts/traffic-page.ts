import { ACTIONS, type Action } from '../src/model.js'
import { MEANINGS } from '../src/policy/answers.js'
import { LOOK_BACK_DAYS, TRAFFIC, trafficClass } from '../src/policy/traffic-classes.js'
import { EVENT } from '../src/records/enforcement.js'
import { markdownTable } from './markdown.js'

const MEANS: Readonly<Record<Action, string>> = {
  migrate:
    'It is used, or restricted, for the Gemini API only: restrict it to that at once if it is not, then put an auth key in its place.',
  restrict: 'It was seen calling other services only: restrict it to exactly these.',
  split:
    'It calls the Gemini API and others, or lists both: a new auth key for the one, a restriction for the rest.',
  retire:
    'Nothing has called it for the whole look-back, and it is older than that: ask, shut it off, wait, delete.',
  'move-to-backend':
    'It is restricted to websites or apps and calls, or lists, the Gemini API: an auth key must not lie in a client.',
  'provider-managed':
    'By its name, which is a guess, Firebase has made it: no command, but the page of Firebase that says what to do.',
  investigate: 'What is needed to decide is not known: how to find it out, and what follows.',
  none: 'Nothing is to be done.',
}

/** The page about traffic: its words, the order of urgency, what is to be done, and the evidence. */
export function trafficPage(): string {
  const row = <Word extends string>(texts: Readonly<Record<Word, string>>) => {
    return (word: Word) => [`\`${word}\``, texts[word]]
  }
  return `# Traffic: what is urgent, and what to do

Made from \`src/policy/traffic-classes.ts\` by \`npm run docs\`.

For keys that can call the Gemini API, or may, and that are not known to be auth keys, a run reads the calls of the
last ${LOOK_BACK_DAYS} days from Cloud Monitoring, in days of UTC: ${LOOK_BACK_DAYS} days before the day of the reading, and that day as far as it
has come. 2xx and 3xx are accepted, 401 and 403 are refused; everything else failed, is shown with its codes, and
is never taken for a refusal. What is older may be gone, so that "no calls" means none in these days.

## What traffic shows

\`usage.traffic\` of a key's record says it in one word, the first that fits. "The last 7 days" begin 7 days before
the day of the reading, that day included. \`usage.lately\` has the calls of these days with their codes (the accepted
ones stand in \`usage.gemini.acceptedLately\` as well), and \`usage.lastRequest\` the last day with any request of any
service.

${markdownTable(
  ['traffic', 'meaning'],
  TRAFFIC.map((traffic) => [`\`${traffic}\``, trafficClass(traffic).meaning]),
)}

### When a key has stopped working

Calls of it were accepted in the window. Of the days after the last accepted call, one of these is true:

- **Volume.** At least 10 calls were refused or failed, and at least half as many as were accepted on an average day
  with accepted calls. This shows on the same day. On the day of the reading, which is not over, it says nothing where
  as many did not work on most of the last 7 days on which the key worked: a quota that is used up every afternoon is
  not news the morning after.
- **Rhythm.** Some calls were refused or failed, and more whole days have passed without an accepted call than ever
  between two days with accepted calls: a nightly, weekly or rare key is seen after its usual pause.

One stray 403 in the small hours stops nothing, nor do the 403s of scanners, or an hour of failures. The class is
\`newly-refused\` where at least half of the calls that did not work since were refused, else \`newly-failing\`. Days
have no hours here, so that a key that stops at noon is seen on the next day: then what did not work on the day before,
beyond what is usual for the key, counts as well.

\`usage.stoppedOn\` is the first day on which calls were made and none worked; \`usage.lostWeekly\` counts the accepted
calls of the 7 days that ended with the last accepted one.

### When a key is partly failing

It is \`accepted\`, and more of its calls of the last 7 days were refused or failed than accepted: a health check that
still works, for example, while every real call is refused. \`usage.partlyFailing\` says how many calls of an average day
get through, since when, and reports say it wherever they say "in use".

## What it may mean

\`usage.mayMean\` lists what the codes of the calls that do not work may mean, the likeliest first, with where to look.
None of it is claimed: a code has several causes, and this program never calls the Gemini API. The same stands first in
\`remedy.steps\` of a key that stopped or is partly failing. Codes that make less than a tenth are left out.

${markdownTable(
  ['code', 'may mean', 'where to look'],
  MEANINGS.map(({ shown, say, look, url }) => [
    shown,
    say,
    url === undefined ? look : `${look} ([page](${url}))`,
  ]),
)}

## Order of urgency

Every report lists keys in one order. Affected keys (\`overdue\`, \`due\` or \`unknown\`) come first, whatever their
verdict: those that stopped working, by the calls that they lost a week; those in use past a deadline in force, by
their calls of 7 days; those in use otherwise, likewise; then the others in the order of the table above. Ties are
settled by rule, deadline, project and \`uid\`. The other keys follow by verdict.

## What is to be done

\`remedy.action\` of a key's record, for a standard key that can call the Gemini API; its steps follow in their order,
each with its way back. No step is ever carried out by this program.

${markdownTable(['action', 'when, and what'], ACTIONS.map(row(MEANS)))}

## Evidence about enforcement

\`enforcement\` of the run's record counts, for each rule whose deadline has come, the affected keys by what their
calls show since that day (\`since\`). Where the deadline lies before the days that are known, they show it since
\`seenFrom\`.

${markdownTable(
  ['count', 'keys'],
  [
    ['`accepted`', 'with accepted calls'],
    ['`stopped`', 'of these, stopped working by now, refused or failing; absent where there are none'],
    ['`newlyRefused`', 'of those, `newly-refused`; absent where there are none'],
    [
      '`onlyRefused`',
      'accepted before the deadline and only refused since; where `seenFrom` says that the time before it is not known, all that were only refused',
    ],
    ['`noCalls`', 'without calls of the Gemini API'],
    [
      '`inconclusive`',
      'with calls from which nothing follows: they failed otherwise, or were refused and not seen accepted before the deadline either; absent where there are none',
    ],
    ['`unknown`', 'of unknown traffic'],
  ],
)}

\`enforcement.event\` is there where at least ${EVENT.keys} keys in at least ${EVENT.projects} projects stopped working within two days of UTC,
whatever their verdict: since when, how many keys in how many projects, and whether all are standard keys and all have
an API restriction. Of several such pairs of days it is the one with most keys. No single key or project explains
that; what does is not claimed.

A refusal has other causes besides a deadline. The reports say what was announced, since when that is past, and what
the calls show, and claim no rejection.
`
}
