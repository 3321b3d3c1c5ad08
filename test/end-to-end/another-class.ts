/** What the tree that it lies in makes of its classes of traffic, as JSON: the key record's schema, the table for readers. */
import { recordSchemas } from '../../scripts/record-schemas.js'
import { verdictTables } from '../../scripts/verdict-tables.js'

const { definitions } = recordSchemas({ isOpen: false }).key
process.stdout.write(JSON.stringify({ schema: definitions, table: verdictTables()['traffic-classes'] }))
