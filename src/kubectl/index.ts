/** kubectl, in process. */
export { applyManifest } from './apply-manifest.ts'
export type { ExecPort, KubectlContext, LogOptions, LogsPort, Output } from './context.ts'
export { type KubectlResult, runKubectl } from './kubectl.ts'
export { toYaml } from './printers/yaml.ts'
export { shellWords } from './shell-words.ts'
