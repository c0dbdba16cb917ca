/** What is wrong with a JSONPath, or with what it looks for. */

export class JsonPathError extends Error {
  override readonly name = 'JsonPathError'
}
