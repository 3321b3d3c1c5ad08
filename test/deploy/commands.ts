import { readdirSync, readFileSync } from 'node:fs'

/** The commands of gcloud in the shell blocks and the inline code of a Markdown text, each on one line. */
export function commandsIn(markdown: string): readonly string[] {
  const joined = markdown.replaceAll(/ *\\\n\s*/g, ' ')
  const blocks = [...joined.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block)
  const lines = blocks.flatMap((block) => block.split('\n'))
  const indented = [...joined.matchAll(/^ {4,}(gcloud .*)$/gm)].map(([, line = '']) => line)
  const inline = [...joined.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`(gcloud\s[^`]*\s[^`]*)`/g)].map(
    ([, line = '']) => line.replaceAll(/\s+/g, ' '),
  )
  return [...lines, ...indented, ...inline].flatMap(gcloudIn)
}

/** The call of gcloud in a line of shell: without what comes before and after it in a pipe, and without comments. */
function gcloudIn(line: string): readonly string[] {
  const [, call] =
    /(?:^|[|;(]\s*|\$\()(gcloud (?:'[^']*'|"[^"]*"|[^'"|;&)#>]|(?<!\s)#)*)/.exec(line.trim()) ?? []
  return call === undefined ? [] : [call.trim()]
}

/** Every Markdown page of the repository, and the documentation of the alert policies. */
export function pages(): Readonly<Record<string, string>> {
  const docs = readdirSync('docs').filter((file) => file.endsWith('.md'))
  const alerts = ['alerts', 'job-alerts'].flatMap((folder) =>
    readdirSync(`deploy/${folder}`).map((file) => `deploy/${folder}/${file}`),
  )
  const paths = ['README.md', ...docs.map((file) => `docs/${file}`), ...alerts]
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'utf8')]))
}
