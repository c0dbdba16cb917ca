/** DefaultBinder: POSTs a Binding to the pod. */
import { Pods } from '../../api/index.ts'
import { type ApiPort, requestFor } from '../../client/index.ts'
import type { Plugin } from '../framework.ts'

const NAME = 'DefaultBinder'

export function defaultBinder(api: ApiPort): Plugin {
  return {
    name: NAME,
    bind({ pod }, nodeName, done) {
      const { namespace = '', name, uid } = pod.metadata
      const body = {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { namespace, name, uid },
        target: { kind: 'Node', name: nodeName },
      }
      api.request(requestFor('create', Pods, namespace, name, { subresource: 'binding', body }), result =>
        done(result.ok ? undefined : result.status.message || 'the API server did not answer'),
      )
    },
  }
}
