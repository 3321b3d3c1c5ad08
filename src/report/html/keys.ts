import { RULE_TABLE, RULES } from '../../policy/rules.js'
import { amount, counted, sentenceCase } from '../wording.js'
import { countShown, MOST_KEYS, type ReportFacts } from './data.js'
import { type Content, type Markup, markup } from './markup.js'

/** What the page's script fills: filters, the table, and the dialog for one key. */
export function keysSection(facts: ReportFacts): Markup {
  return markup`<section id="keys" aria-labelledby="keys-title" tabindex="-1">
<div class="title"><h2 id="keys-title">Keys</h2> <output id="shown" role="status" form="filters"></output> <button type="reset" id="clear" form="filters" hidden>Clear filters</button> <button type="button" id="link">Copy link</button></div>
${cutShort(facts)}
<noscript><p>The table needs the script in this page; it was not allowed to run.</p></noscript>
<p id="reading" class="quiet" role="status">Opening the keys …</p>
<form id="filters" role="search" aria-label="Keys" hidden>
<p class="search"><label for="q">Search</label> <input type="search" id="q" name="q" autocomplete="off" spellcheck="false" placeholder="Name, project, owner, uid …"></p>
<button type="button" id="more-filters" aria-expanded="false">Filters</button>
${choice('show', 'State', 'All states')}
${choice('project', 'Project', 'All projects')}
${choice('owner', 'Owner', 'All owners')}
${choice(
  'rule',
  'Rule',
  'All rules',
  RULES.map(
    (rule) => markup`<option value="${rule}">${sentenceCase(RULE_TABLE[rule].words.keys.many)}</option>`,
  ),
)}
${choice('todo', 'To do', 'All to do')}
<p class="choice sort"><label for="sort">Sort by</label> <select id="sort" name="sort"></select></p>
</form>
<div id="table" role="grid" aria-label="Keys" aria-describedby="table-help" hidden></div>
<div id="none" hidden></div>
<p id="table-help" class="quiet" hidden>Arrow keys move from key to key, Enter opens one.</p>
<div id="print"></div>
<dialog id="key" aria-labelledby="key-title"></dialog>
<p id="told" class="unseen" role="status"></p>
</section>`
}

function choice(name: string, label: string, all: string, options: Content = ''): Markup {
  return markup`<p class="choice"><label for="${name}">${label}</label> <select id="${name}" name="${name}"><option value="">${all}</option>${options}</select></p>`
}

function cutShort(facts: ReportFacts): Content {
  const count = countShown(facts)
  if (count <= MOST_KEYS) return ''
  const rest = facts.rest ?? 'The key records of the run and its CSV have all of them.'
  return markup`<p><strong>${counted(MOST_KEYS, 'key')} of ${amount(count)}, the most urgent ones first.</strong> ${rest}</p>`
}
