/** CEL, the Common Expression Language, as Kubernetes speaks it. */
export { type AuthorizerPort, celAuthorizer } from './authorizer.ts'
export { CelError, type CelProgram, compileCel } from './program.ts'
export { type CelShape, celValue } from './values.ts'
