import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { bundled, GENERATED } from '../../../scripts/bundled.js'
import { canonical } from '../../../src/records/canonical.js'
import type { KeyRecord } from '../../../src/records/key-record.js'
import { markup } from '../../../src/report/html/markup.js'
import { htmlReport } from '../../../src/report/html/report.js'
import { assertGolden } from '../../golden.js'
import { GAP, RUN } from '../samples.js'
import { dataIn, keysIn, manyKeys, replacedBy, reportText, runsOf, type Sketch, sceneOf } from './scene.js'

const KEYS: readonly Sketch[] = [
  { name: 'Maps web', verdict: 'overdue', calls: [1200, 3] },
  { name: 'Chat', verdict: 'due', owner: '' },
  { name: '</script><!--\u2028\u202E', verdict: 'unknown' },
  { name: 'Vendor', verdict: 'exempt' },
  { name: 'Old', verdict: 'latent' },
  { name: 'New', verdict: 'compliant' },
]

/** The page without its style, script and data, which others look at. */
function readable(text: string): string {
  return text
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<script[\s\S]*?<\/script>\n?/g, '')
    .replace(/sha256-[^&]+/g, '…')
}

const titlesIn = (text: string) => keysIn(text).map(({ key }) => key.displayName)

describe('the report', () => {
  it('of an incomplete run begins with what was not read', async () => {
    const text = await reportText({ ...sceneOf(KEYS, [GAP]), runs: runsOf(5) })
    assertGolden('report/html/incomplete.html', readable(text))
  })

  it('of a complete run says so in its first line, and has no chart before the third run', async () => {
    const text = await reportText({ ...sceneOf([]), runs: runsOf(2) })
    assertGolden('report/html/nothing.html', readable(text))
  })

  it('shows how calls move to auth keys, as a guess, by day, and where the calls are not known', async () => {
    const { calls: _, ...withoutCalls } = replacedBy('Old (auth)')
    const text = await reportText(
      sceneOf([
        { name: 'Chat', verdict: 'due', isStopped: true, replacement: replacedBy('Chat <auth>', 950) },
        { name: 'Search', verdict: 'overdue', isStopped: true, replacement: replacedBy('Search\u202E bot') },
        { name: 'Old', verdict: 'due', replacement: withoutCalls },
        { name: 'Vendor', verdict: 'exempt', isStopped: true, replacement: replacedBy('Vendor (auth)', 3) },
      ]),
    )
    const section = /<section aria-labelledby="hand-over">[\s\S]*?<\/section>/.exec(text)?.[0] ?? ''
    assertGolden('report/html/hand-over.html', section)
    assert.match(text, /<a href="#hand-over">Hand-over<\/a>/)
    assert.doesNotMatch(await reportText(sceneOf(KEYS)), /hand-over"/)
  })

  it('shows at most 10 hand-overs, those first of which both keys’ calls are known, and says of how many', async () => {
    const sketches = Array.from({ length: 12 }, (_, index): Sketch => {
      const auth = index === 11 ? 950 : undefined
      return {
        name: `Key ${index}`,
        verdict: 'due',
        isStopped: true,
        replacement: replacedBy(`Auth ${index}`, auth),
      }
    })
    const text = await reportText(sceneOf(sketches))
    const titles = [...text.matchAll(/<h3>(Key \d+) →/g)].map(([, title]) => title)
    assert.equal(titles.length, 10)
    assert.equal(titles[0], 'Key 11')
    assert.match(text, /12 affected keys have an auth key .* Here are 10 of them/)
  })

  it('names the policy’s deadline with its reason, and what its waivers need', async () => {
    const scene = sceneOf(KEYS)
    const { policy } = scene.run
    const override = {
      rule: 'standard-key' as const,
      date: RUN.asOf,
      reason: 'planned <soon>',
      approvedBy: 'ciso@example.com',
    }
    const run = { ...scene.run, policy: { ...policy, overrides: [override] } }
    const text = await reportText({ ...scene, run })
    assert.match(text, /Set by the policy: planned &lt;soon&gt; \(approved by ciso@example\.com\)/)
  })

  it('has the affected keys once and first, then exempt and latent ones, and no others', async () => {
    const titles = titlesIn(await reportText(sceneOf(KEYS)))
    assert.deepEqual(titles.slice(0, 3).sort(), ['</script><!--\u2028\u202E', 'Chat', 'Maps web'])
    assert.deepEqual(titles.slice(3), ['Vendor', 'Old'])
  })

  it('holds 50,000 keys, and of more says where the rest is', async () => {
    const scene = sceneOf([{ name: 'Old', verdict: 'latent' }])
    const [old] = scene.keys as readonly KeyRecord[]
    assert.ok(old)
    const ofMany = async (latent: number, keys: readonly KeyRecord[]) => {
      const verdict = { ...scene.run.counts.verdict, latent }
      const run = { ...scene.run, counts: { ...scene.run.counts, verdict } }
      return reportText({ ...scene, run, keys, rest: 'All are in keys.csv.' })
    }
    assert.doesNotMatch(await ofMany(50_000, []), /All are in/)
    const cut = await ofMany(
      50_001,
      Array.from({ length: 50_001 }, () => old),
    )
    assert.equal(keysIn(cut).length, 50_000)
    assert.match(cut, /50,000 keys of 50,001, the most urgent ones first\.<\/strong> All are in keys\.csv\./)
  }).timeout(60_000)

  it('comes in pieces: its beginning before any key is read', async () => {
    const keys = (async function* () {
      yield* []
      throw new Error('read')
    })()
    const pieces = htmlReport({ ...sceneOf([]), keys })
    assert.match((await pieces.next()).value ?? '', /^<!doctype html>/)
    await assert.rejects(async () => {
      for await (const _piece of pieces);
    }, /^Error: read$/)
  })
})

describe('the report is safe', () => {
  it('only its own script and style are allowed, and nothing from outside', async () => {
    const text = await reportText(sceneOf(KEYS))
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1] ?? ''
    const hashOf = (inline = '') => `&#39;sha256-${createHash('sha256').update(inline).digest('base64')}&#39;`
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1]
    const scripts = [...text.matchAll(/<script>([\s\S]*?)<\/script>/g)]
    assert.equal(scripts.length, 1)
    assert.equal(
      policy,
      `default-src &#39;none&#39;; script-src ${hashOf(scripts[0]?.[1])}; style-src ${hashOf(style)}; font-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;`,
    )
    assert.doesNotMatch(readable(text), /\s(src|srcset|style|on\w+)=|<link|<iframe|@import|url\(/i)
  })

  it('marks each command of what makes a gap readable, and only that', async () => {
    const text = await reportText(
      sceneOf(KEYS, [{ ...GAP, fix: 'ask who runs gcloud there', command: 'gcloud projects describe 456' }]),
    )
    assert.ok(
      text.includes(
        '<p>To do: ask who runs gcloud there: <code class="command">gcloud projects describe 456</code></p>',
      ),
    )
  })

  it('no name escapes its place in the page', async () => {
    const attack = '"><img src=x onerror=alert(1)>'
    const gap = { ...GAP, subject: attack, because: attack, fix: attack }
    const text = await reportText(
      sceneOf([{ name: attack, verdict: 'overdue', owner: attack, project: attack }], [gap]),
    )
    assert.doesNotMatch(text.replace(/<script>[\s\S]*?<\/script>/, ''), /<img/)
  })

  it('data is Base64 whatever names hold, and the same records again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        const name = `${text}</script><!--\u2028`
        const scene = sceneOf([{ name, verdict: 'overdue' }])
        const html = await reportText(scene)
        assert.match(html, /<script type="application\/gzip" class="data">[A-Za-z0-9+/=]*<\/script>/)
        assert.deepEqual(dataIn(html), [scene.run, ...(scene.affectedKeys as readonly KeyRecord[])])
      }),
      { numRuns: 20 },
    )
  })

  it('carries the digests of its run record and of its data', async () => {
    const scene = sceneOf(manyKeys(2_500))
    const text = await reportText(scene)
    const sha256 = (content: string) => createHash('sha256').update(content).digest('hex')
    const [, digests = ''] = /<script type="application\/json" id="digests">(.*?)<\/script>/.exec(text) ?? []
    const lines = dataIn(text).map((record) => `${canonical(record)}\n`)
    assert.equal(lines.length, 2_501)
    assert.deepEqual(JSON.parse(digests), { run: sha256(canonical(scene.run)), data: sha256(lines.join('')) })
  })

  it('values in markup are text', () => {
    assert.equal(
      markup`<p title="${'"'}">${['<b>', markup`<i>${"'&"}</i>`, 3]}</p>`.markup,
      '<p title="&quot;">&lt;b&gt;<i>&#39;&amp;</i>3</p>',
    )
  })
})

describe('the script of the report', () => {
  it('is what its sources say: npm run build makes it anew', () => {
    assert.ok(
      readFileSync(GENERATED, 'utf8') === bundled(),
      'src/report/html/page has changed since npm run build',
    )
  })
})
