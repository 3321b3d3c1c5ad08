import assert from 'node:assert/strict'
import { ownerOf } from '../../src/policy/judged-key.js'
import { builtInPolicy, type Owners } from '../../src/policy/policy.js'
import { PROJECT } from './keys.js'

const policy = (owners: Partial<Owners>) => ({
  ...builtInPolicy(),
  owners: { ...builtInPolicy().owners, ...owners },
})
const byFolder = {
  folders: new Map([
    ['folders/7', 'platform'],
    ['folders/1', 'payments'],
  ]),
}
const byLabel = { labels: ['owner', 'team'] }

describe('The owner of a key', () => {
  const cases: readonly [
    what: string,
    owners: Partial<Owners>,
    labels: Record<string, string>,
    owner: string | undefined,
  ][] = [
    ['the first label that is present', byLabel, { team: 'search', owner: 'shop' }, 'shop'],
    ['a later label where the first is missing', byLabel, { team: 'search' }, 'search'],
    ['a later label where the first is blank', byLabel, { owner: ' ', team: ' search ' }, 'search'],
    ['the nearest folder where no label says it', { ...byLabel, ...byFolder }, {}, 'payments'],
    ['the label rather than the folder', { ...byLabel, ...byFolder }, { team: 'search' }, 'search'],
    ['unknown when nothing says it', byLabel, { 'cost-centre': '7' }, undefined],
    ['the label owner or team without a policy', {}, { team: 'search', owner: 'shop' }, 'shop'],
    ['unknown where the policy names no label', { labels: [] }, { owner: 'shop' }, undefined],
    ['unknown for a label that every object has', { labels: ['constructor', '__proto__'] }, {}, undefined],
  ]
  for (const [what, owners, labels, owner] of cases) {
    it(`is ${what}`, () => {
      assert.equal(ownerOf({ ...PROJECT, labels }, policy(owners)), owner)
    })
  }
})
