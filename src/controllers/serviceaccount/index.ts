/**
 * Sees that every active namespace has its `default` ServiceAccount. Mirrors
 * `pkg/controller/serviceaccount/serviceaccounts_controller.go`.
 */
import { type Namespace, Namespaces, type ServiceAccount, ServiceAccounts } from '../../api/index.ts'
import { type Controller, DONE, type Outcome, type View } from '../../client/index.ts'

const NAME = 'default'

export const serviceAccountController: Controller<Namespace> = {
  name: 'serviceaccount',
  eventSource: 'serviceaccount-controller',
  kind: Namespaces,
  watches: [
    {
      kind: ServiceAccounts,
      keys: (account: ServiceAccount, _old: ServiceAccount | undefined, event) =>
        event === 'DELETED' && account.metadata.name === NAME ? [account.metadata.namespace ?? ''] : [],
    },
  ],
  indexes: [],
  workers: 1,
  reconcile(namespace: Namespace | undefined, view: View): Outcome {
    if (namespace?.status.phase !== 'Active') return DONE
    const { name } = namespace.metadata
    if (view.get(ServiceAccounts, name, NAME)) return DONE
    return {
      intents: [
        {
          do: 'create',
          kind: ServiceAccounts,
          object: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace: name } },
          isFineIfExists: true,
        },
      ],
    }
  },
}
