/** CEL, the Common Expression Language, as Kubernetes speaks it. */
export { CelError, type CelProgram, compileCel } from './program.ts'
export { type CelShape, celValue } from './values.ts'
