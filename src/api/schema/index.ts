/** Schema checks at the wire. */
export { checkSchema, hasSpec, type SchemaFindings } from './check-schema.ts'
