import { buildSync } from 'esbuild'

/** Where the page's script and style stand for the program; made by `npm run build` and in no commit. */
export const GENERATED = 'src/report/html/generated/page.ts'

const SOURCE = 'src/report/html/page'

/** The module that holds the report page's script with its libraries, and its style, each as one text. */
export function bundled(): string {
  return [
    '// Made from src/report/html/page by `npm run build`.',
    `export const SCRIPT = ${JSON.stringify(text('page.ts'))}`,
    `export const STYLE = ${JSON.stringify(text('page.css'))}`,
    '',
  ].join('\n')
}

function text(file: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [`${SOURCE}/${file}`],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    charset: 'utf8',
    target: ['chrome110', 'firefox115', 'safari16.4'],
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'inline',
    loader: { '.woff2': 'dataurl' },
  })
  const [output] = outputFiles
  if (output === undefined) throw new Error(`${file} was not bundled`)
  return output.text.replaceAll('</script', '<\\/script').trim()
}
