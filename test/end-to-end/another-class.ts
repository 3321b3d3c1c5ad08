/** What the tree that it lies in makes of its classes of traffic, as JSON: the schema of the key record, the page. */
import { recordSchemas } from '../../scripts/record-schemas.js'
import { trafficPage } from '../../scripts/traffic-page.js'

process.stdout.write(
  JSON.stringify({ schema: recordSchemas({ isOpen: false }).key.definitions, page: trafficPage() }),
)
