/** The pods a person means by `web-1`, `pod/web-1`, `deployment/web` or `service/web`. */
import { type KubeObject, labelSelector, labelSet } from '../api/index.ts'
import type { Cluster } from '../cluster/index.ts'
import { UserError } from '../sim/index.ts'

/** One pod by its name, or all that a workload or Service selects, by name. Throws UserError for what is not there. */
export function podsOf({ observer }: Cluster, text: string): readonly KubeObject[] {
  const reference = observer.reference(text.includes('/') ? text : `pod/${text}`)
  const object = observer.get(reference)
  if (!object) throw new UserError(`there is no ${text}`, { mend: 'Look with: kubectl get all' })
  if (object.kind === 'Pod') return [object]
  const selects = matcherOf(object)
  return observer.list(observer.kind('pods'), reference.namespace).filter(selects)
}

/** Which pods a workload (`matchLabels`) or a Service (plain labels) selects. */
function matcherOf(owner: KubeObject): (pod: KubeObject) => boolean {
  const { selector } = (owner as { spec?: { selector?: Record<string, unknown> } }).spec ?? {}
  if (!selector) return () => false
  const isLabelSelector = 'matchLabels' in selector || 'matchExpressions' in selector
  const matcher = isLabelSelector ? labelSelector(selector) : labelSet(selector as Record<string, string>)
  return pod => matcher.matches(pod.metadata.labels)
}
