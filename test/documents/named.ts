/** What cannot be run here as it stands, each with the reason. Whatever is not named here is run. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  'npm ci': 'what it installs is what runs this test',
  'npm test': 'it is this test, among others',
  'npm run build': 'it writes what other tests run at the same time',
  'npm run bench:peers -- --write bench/peers/measured.json':
    'it measures for half an hour, and needs gcloud',
  'npm run bench:requests': 'it counts for a quarter of an hour',
  'npm run docs': 'it writes the documents, which another test holds against it',
}

/** Words that a reader replaces, each with what this test has in its place. */
export const REPLACED: Readonly<Record<string, string>> = {
  'gs://BUCKET/PREFIX': 'gs://acme-audits/daily',
  ORGANIZATION_ID: '123456789012',
  PROJECT: 'acme-key-audit',
  KEY_UID: 'uid-of-shop',
  'xoxb-…': 'xoxb-simulated',
}

/** Commands whose failure is what the documents say of them, each with its exit status. */
export const FAILING: Readonly<Record<string, number>> = {
  'npx gemini-key-audit audit --scope organizations/123456789012 --fail-on overdue,gap': 3,
}

/** A text with every word replaced; a variable of the same name (`$PROJECT`, `PROJECT=`) is left alone. */
export function replaced(text: string, words: Readonly<Record<string, string>> = REPLACED): string {
  return Object.entries(words).reduce((changed, [word, by]) => {
    const literal = word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    return changed.replaceAll(new RegExp(`(?<![\\w$"{])${literal}(?![\\w=])`, 'g'), () => by)
  }, text)
}
