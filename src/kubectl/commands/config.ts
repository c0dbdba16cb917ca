/** `kubectl config`: the one context there is, named as kubeadm names it. It can be looked at and not changed. */
import { type Command, DEFAULT_SERVER_URL } from '../context.ts'
import { textTable } from '../printers/text-table.ts'
import { toYaml } from '../printers/yaml.ts'

const CLUSTER = 'kubernetes'
const USER = 'kubernetes-admin'
const CONTEXT = `${USER}@${CLUSTER}`

export const CONFIG_VIEW: Command = {
  name: 'config view',
  flags: [{ name: 'minify', type: 'boolean' }],
  *run({ context, output }) {
    const namespace = context.namespace === 'default' ? {} : { namespace: context.namespace }
    output.out(
      toYaml({
        apiVersion: 'v1',
        clusters: [
          {
            cluster: {
              'certificate-authority-data': 'DATA+OMITTED',
              server: context.serverUrl ?? DEFAULT_SERVER_URL,
            },
            name: CLUSTER,
          },
        ],
        contexts: [{ context: { cluster: CLUSTER, ...namespace, user: USER }, name: CONTEXT }],
        'current-context': CONTEXT,
        kind: 'Config',
        preferences: {},
        users: [
          {
            name: USER,
            user: { 'client-certificate-data': 'DATA+OMITTED', 'client-key-data': 'DATA+OMITTED' },
          },
        ],
      }),
    )
  },
}

export const CONFIG_GET_CONTEXTS: Command = {
  name: 'config get-contexts',
  flags: [{ name: 'no-headers', type: 'boolean' }],
  *run({ args, context, output }) {
    const namespace = context.namespace === 'default' ? '' : context.namespace
    const rows = [['*', CONTEXT, CLUSTER, USER, namespace]]
    if (!args.flags.isSet('no-headers')) {
      rows.unshift(['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'])
    }
    output.out(
      textTable(rows)
        .map(line => `${line}\n`)
        .join(''),
    )
  },
}

export const CONFIG_CURRENT_CONTEXT: Command = {
  name: 'config current-context',
  flags: [],
  *run({ output }) {
    output.out(`${CONTEXT}\n`)
  },
}
