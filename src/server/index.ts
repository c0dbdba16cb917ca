/** A cluster behind a real HTTPS port, for real clients. */
export { CertificateAuthority } from './certificates.ts'
export { checkKubeconfig, serverReplaced, usualKubeconfig, writeKubeconfig } from './kubeconfig.ts'
export type { Speed } from './pace.ts'
export { type ServedCluster, type ServeOptions, serve } from './server.ts'
export { rsaTokenSigner } from './token-signer.ts'
