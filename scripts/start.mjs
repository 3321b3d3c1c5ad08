// Serves the compiled function as the deployed one is served; compiles first if that was not done.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'

if (!existsSync(new URL('../dist/index.js', import.meta.url))) {
  const built = spawnSync('npm', ['run', 'build'], { stdio: ['ignore', 'inherit', 'inherit'] })
  if (built.status !== 0) process.exit(built.status ?? 1)
}

// In production mode the framework answers broken JSON without a stack.
process.env.NODE_ENV = 'production'
process.argv.push(`--target=${process.env.FUNCTION_TARGET || 'audit'}`)

// The framework exports its library, not its command, which lies beside it.
const library = createRequire(import.meta.url).resolve('@google-cloud/functions-framework')
await import(new URL('main.js', `file://${library}`).href)
