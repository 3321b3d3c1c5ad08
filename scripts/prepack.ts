import { writeFileSync } from 'node:fs'
import { licenseList } from './licenses.js'

// The package brings the list; in the repository it would only repeat the lock file.
writeFileSync('LICENSES.md', licenseList())
