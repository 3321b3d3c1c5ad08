import { readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** What others call: the function, the command, and what stands behind both, for benches and tests. */
const ENTRIES = {
  index: 'src/index.ts',
  cli: 'src/cli.ts',
  attempt: 'src/run/attempt.ts',
  handler: 'src/function/handler.ts',
  'event-handler': 'src/function/event-handler.ts',
  main: 'src/commands/main.ts',
}

/**
 * The framework keeps the function that is registered with it, so there may be only one of it; the others look for
 * files beside their own.
 */
export const APART = ['@google-cloud/functions-framework', '@resvg/resvg-js', '@expo-google-fonts/lato']

/** Packages of the older kind expect what modules do not have. */
const OLDER = `import { createRequire as requireOfBundle } from 'node:module'
import { fileURLToPath as pathOfBundle } from 'node:url'
const require = requireOfBundle(import.meta.url)
const __filename = pathOfBundle(import.meta.url)
const __dirname = pathOfBundle(new URL('.', import.meta.url))`

/**
 * Node shows the names that a CommonJS module exports to its importers; in a file of its own, a bundled one has
 * nothing but `default`. A module of ours in between names them again.
 * @see https://github.com/evanw/esbuild/issues/3245
 */
const NAMED_APIS: Plugin = {
  name: 'named-apis',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^googleapis\/build\/src\/apis\// }, ({ kind, path, resolveDir }) =>
      kind === 'dynamic-import' ? { path, namespace: 'named-apis', pluginData: resolveDir } : undefined,
    )
    onLoad({ filter: /./, namespace: 'named-apis' }, ({ path, pluginData }) => {
      const [, api] = /\/apis\/(\w+)\//.exec(path) ?? []
      return { contents: `export { ${api} } from '${path}'`, resolveDir: String(pluginData) }
    })
  },
}

/**
 * Writes the program with what it needs into a few files: hundreds of small ones take most of a start. What is
 * loaded when it is needed stays in files of its own. Beside each file lie its source map and its licences.
 */
export async function bundleProgram(folder: string): Promise<void> {
  const { metafile } = await build({
    entryPoints: ENTRIES,
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    chunkNames: '[name]-[hash]',
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'linked',
    external: APART,
    plugins: [NAMED_APIS],
    banner: { js: OLDER },
    logLevel: 'warning',
    metafile: true,
  })
  const written = new Set(Object.keys(metafile.outputs).map((file) => basename(file)))
  for (const file of readdirSync(folder)) {
    if (!written.has(file)) rmSync(join(folder, file), { recursive: true }) // of an earlier build
  }
}
