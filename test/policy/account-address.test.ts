import assert from 'node:assert/strict'
import { defaultAccountOf, projectOfAccount } from '../../src/policy/account-address.js'

describe('The address of a service account', () => {
  const addresses = [
    ['chat@acme-web.iam.gserviceaccount.com', 'acme-web', undefined],
    ['Chat@Acme-Web.iam.gserviceaccount.com', 'acme-web', undefined],
    ['chat@acme-web.example.com.iam.gserviceaccount.com', 'example.com:acme-web', undefined],
    ['710000000010-compute@developer.gserviceaccount.com', '710000000010', 'Compute Engine'],
    ['acme-web@appspot.gserviceaccount.com', 'acme-web', 'App Engine'],
    ['acme-web.example.com@appspot.gserviceaccount.com', 'example.com:acme-web', 'App Engine'],
    ['compute@developer.gserviceaccount.com', undefined, undefined],
    ['1-compute@developer.gserviceaccount.com.example', undefined, undefined],
    ['appspot@acme-web.iam.gserviceaccount.com', 'acme-web', undefined],
    ['a@b.example', undefined, undefined],
    ['', undefined, undefined],
  ] as const

  for (const [email, project, made] of addresses) {
    it(`${email || 'an empty one'}: of ${project ?? 'no project'}, ${made ?? 'no default account'}`, () => {
      assert.equal(projectOfAccount(email), project)
      assert.equal(defaultAccountOf(email), made)
    })
  }
})
