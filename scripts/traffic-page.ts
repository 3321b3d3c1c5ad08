import { ACTIONS, type Action } from '../src/model.js'
import { TRAFFIC, trafficClass } from '../src/policy/traffic-classes.js'
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

Made from \`src/model.ts\` by \`npm run docs\`.

For keys that can call the Gemini API, or may, and that are not known to be auth keys, a run reads the calls of the
last 42 days from Cloud Monitoring, in days of UTC: 42 days before the day of the reading, and that day as far as it
has come. 2xx and 3xx are accepted, 401 and 403 are refused; everything else failed, is shown with its codes, and
is never taken for a refusal. What is older may be gone, so that "no calls" means none in these days.

## What traffic shows

\`usage.traffic\` of a key's record says it in one word, the first that fits. "The last 7 days" begin 7 days before
the day of the reading, that day included. The calls accepted in them are \`usage.gemini.acceptedLately\`, and the
last day with any request of any service is \`usage.lastRequest\`.

${markdownTable(
  ['traffic', 'meaning'],
  TRAFFIC.map((traffic) => [`\`${traffic}\``, trafficClass(traffic).meaning]),
)}

## Order of urgency

Every report lists keys in one order. Affected keys (\`overdue\`, \`due\` or \`unknown\`) come first, whatever their
verdict, by their traffic in the order of that table; among those that work the most called first. Ties are settled
by rule, deadline, project and \`uid\`. The other keys follow by verdict.

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
    [
      '`newlyRefused`',
      'of these, only refused since the day of their last accepted call; absent where there are none',
    ],
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

A refusal has other causes besides a deadline. The reports say what was announced, since when that is past, and what
the calls show, and claim no rejection.
`
}
