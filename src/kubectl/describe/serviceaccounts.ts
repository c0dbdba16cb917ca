/** `kubectl describe serviceaccounts` */
import { type Secret, Secrets, type ServiceAccount } from '../../api/index.ts'
import { type Describer, listOf } from './describer.ts'
import { writeEvents } from './events.ts'
import { writeAnnotations, writeLabels } from './parts.ts'

const EMPTY_HEADING = ' '.repeat(19)

export const describeServiceAccount: Describer = function* (context, object, w) {
  const { metadata, imagePullSecrets = [], secrets = [] } = object as ServiceAccount
  const { name, namespace = '', uid } = metadata
  w.field(0, 'Name', name)
  w.field(0, 'Namespace', namespace)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  const existing = yield* listOf<Secret>(context, Secrets, namespace, {})
  const isThere = new Set(existing.map(secret => secret.metadata.name))
  const tokens = existing.filter(({ type, metadata: { annotations = {} } }) => {
    const isToken = type === 'kubernetes.io/service-account-token'
    const isOfAccount = annotations['kubernetes.io/service-account.name'] === name
    return isToken && isOfAccount && annotations['kubernetes.io/service-account.uid'] === uid
  })
  for (const [heading, names] of [
    ['Image pull secrets:', imagePullSecrets.map(secret => secret.name ?? '')],
    ['Mountable secrets: ', secrets.map(secret => secret.name ?? '')],
    ['Tokens:            ', tokens.map(secret => secret.metadata.name)],
  ] as const) {
    if (names.length === 0) w.line(0, `${heading}\t<none>`)
    names.forEach((secret, i) => {
      const text = isThere.has(secret) ? secret : `${secret} (not found)`
      w.line(0, `${i === 0 ? heading : EMPTY_HEADING}\t${text}`)
    })
  }
  yield* writeEvents(context, w, object)
}
