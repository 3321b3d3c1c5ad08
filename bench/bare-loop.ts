// The least that any reader of the same pages has to do: fetch them one after the other, and parse them.
import { readFileSync } from 'node:fs'
import { done } from './measure.js'

const urls: string[] = JSON.parse(readFileSync(process.env['URLS'] ?? '', 'utf8'))
const startedAt = performance.now()
for (const url of urls) {
  const response = await fetch(url, { headers: { authorization: 'Bearer simulated' } })
  await response.json()
}
done(startedAt)
