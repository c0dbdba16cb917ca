/** `kubectl version` and `kubectl cluster-info`. */
import { type KubeList, NAMES, type Service, Services } from '../../api/index.ts'
import { type ApiResult, call, requestFor } from '../../client/index.ts'
import { type Command, DEFAULT_SERVER_URL } from '../context.ts'
import { KubectlError, statusError } from '../kubectl-error.ts'

const KUSTOMIZE_VERSION = 'v5.6.0'

export const VERSION: Command = {
  name: 'version',
  flags: [
    { name: 'client', type: 'boolean' },
    { name: 'output', short: 'o', type: 'string' },
  ],
  *run({ args, output }) {
    if (args.flags.has('output')) throw new KubectlError('error: kubectl version --output is not modelled')
    output.out(`Client Version: ${NAMES.kubernetesVersion}\nKustomize Version: ${KUSTOMIZE_VERSION}\n`)
    if (!args.flags.isSet('client')) output.out(`Server Version: ${NAMES.kubernetesVersion}\n`)
  },
}

export const CLUSTER_INFO: Command = {
  name: 'cluster-info',
  flags: [],
  *run({ context, output }) {
    const url = context.serverUrl ?? DEFAULT_SERVER_URL
    output.out(`Kubernetes control plane is running at ${url}\n`)
    const labelSelector = 'kubernetes.io/cluster-service=true'
    const result: ApiResult<KubeList<Service>> = yield* call(
      context.api,
      requestFor('list', Services, NAMES.systemNamespace, '', { options: { labelSelector } }),
    )
    if (!result.ok) throw statusError(result.status)
    for (const { metadata, spec } of result.object.items) {
      const title = metadata.labels?.['kubernetes.io/name'] ?? metadata.name
      const [port] = spec?.ports ?? []
      const name = port?.name ? `${metadata.name}:${port.name}` : metadata.name
      const path = `/api/v1/namespaces/${metadata.namespace}/services/${name}/proxy`
      output.out(`${title} is running at ${url}${path}\n`)
    }
    output.out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n")
  },
}
