/**
 * Writes `src/server/openapi/definitions.generated.ts`, the published types of Kubernetes 1.33 as OpenAPI definitions:
 * `npm run generate`. One line of JSON in a string, so that loading it costs nothing until it is used.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { readModels } from './openapi/read-models.ts'

const json = JSON.stringify(readModels())
const hash = createHash('sha256').update(json).digest('hex').slice(0, 16)
const text = JSON.stringify(json).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
const folder = new URL('../src/server/openapi/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(
  new URL('definitions.generated.ts', folder),
  `/** Made by scripts/generate-openapi.ts from the published types of Kubernetes 1.33. */
export const DEFINITIONS = ${text}
export const DEFINITIONS_HASH = '${hash}'
`,
)
console.log(`${Object.keys(JSON.parse(json)).length} definitions, ${json.length} bytes`)
