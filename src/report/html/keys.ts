import { RULES } from '../../policy/rules.js'
import { counted } from '../wording.js'
import { countShown, MOST_KEYS } from './data.js'
import type { ReportFacts } from './facts.js'
import { type Content, type Markup, markup } from './markup.js'

const VERDICTS_SHOWN = ['overdue', 'due', 'unknown', 'exempt', 'latent'] as const

/** What the page's script fills: filters, the table, and the dialog for one key. */
export function keysSection(facts: ReportFacts): Markup {
  return markup`<section id="keys" aria-labelledby="keys-title" tabindex="-1">
<h2 id="keys-title">Affected, exempt and latent keys</h2>
${cutShort(facts)}
<noscript><p>The table needs the script in this page; it was not allowed to run.</p></noscript>
<p id="reading" class="quiet" role="status">Opening the keys …</p>
<form id="filters" class="filters" role="search" aria-label="Keys" hidden>
<p class="wide"><label for="q">Search</label> <input type="search" id="q" name="q" autocomplete="off" spellcheck="false" placeholder="name, uid, project, owner, service account …"></p>
<p><label for="project">Project</label> <select id="project" name="project"><option value="">all</option></select></p>
<p><label for="owner">Owner</label> <select id="owner" name="owner"><option value="">all</option></select></p>
<p><label for="rule">Rule</label> <select id="rule" name="rule"><option value="">all</option>${RULES.map((rule) => markup`<option>${rule}</option>`)}</select></p>
<p class="narrow"><label for="sort">Sort by</label> <select id="sort" name="sort"></select></p>
<fieldset><legend>Verdict</legend>
${VERDICTS_SHOWN.map(
  (
    verdict,
  ) => markup`<label class="chip ${verdict}"><input type="checkbox" name="verdict" value="${verdict}"> ${verdict} <span class="count"></span></label>
`,
)}</fieldset>
<p class="actions"><output id="shown" role="status"></output> <button type="reset">Clear</button> <button type="button" id="link">Copy link</button></p>
</form>
<div id="table" role="grid" aria-label="Keys" aria-describedby="table-help" hidden></div>
<p id="table-help" class="quiet" hidden>Arrow keys move from key to key, Enter opens one.</p>
<div id="print"></div>
<dialog id="key" aria-labelledby="key-title"></dialog>
<p id="told" class="unseen" role="status"></p>
</section>`
}

function cutShort(facts: ReportFacts): Content {
  const count = countShown(facts)
  if (count <= MOST_KEYS) return ''
  const rest = facts.rest ?? 'The key records of the run and its CSV have all of them.'
  return markup`<p><strong>${counted(MOST_KEYS, 'key')} of ${count.toLocaleString('en-US')}, the most urgent ones first.</strong> ${rest}</p>`
}
