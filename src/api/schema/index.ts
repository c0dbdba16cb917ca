/** Schema checks at the wire. */
export { checkSchema, type SchemaFindings } from './check-schema.ts'
