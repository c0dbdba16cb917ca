/** The API server: a stateless door in front of etcd. */

export { ADMISSION_PLUGINS } from './admission/index.ts'
export type { AdmissionPlugin, AdmissionView, Attributes, Operation, Refusal } from './admission/plugin.ts'
export type { Impersonated, ImpersonationTarget } from './authentication/impersonation.ts'
export type { TokenSigner } from './authentication/token-signer.ts'
export { openidConfiguration } from './authentication/tokens.ts'
export { type AccessAttributes, ALWAYS_ALLOW, type Authorizer } from './authorization/authorizer.ts'
export { LOOPBACK_USER } from './bootstrap.ts'
export type { Counters } from './counters.ts'
export * from './discovery/index.ts'
export { type Definitions, OpenApi, type OpenApiOptions } from './openapi/index.ts'
export { ApiServer, type ApiServerOptions } from './server.ts'
export { sealObject } from './store.ts'
