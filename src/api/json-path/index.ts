/** JSONPath, as far as Kubernetes uses it: in kubectl's output, and in the columns of custom resources. */
export { JsonPathError } from './json-path-error.ts'
export { parsePath, type Step } from './parse.ts'
export { printedValue, relaxedPath, select, selectPath } from './select.ts'
