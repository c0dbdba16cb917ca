/** Rules of built-in roles in one line each. */
import { freezeDeep, type PolicyRule } from '../../../api/index.ts'

/** `core` stands for the group ''; lists are words. `names` are resourceNames. */
export function allow(verbs: string, groups: string, resources: string, names = ''): PolicyRule {
  const apiGroups = words(groups).map(group => (group === 'core' ? '' : group))
  const rule = { apiGroups, resources: words(resources), verbs: words(verbs) }
  return freezeDeep(names ? { ...rule, resourceNames: words(names) } : rule)
}

export function allowPaths(verbs: string, paths: string): PolicyRule {
  return freezeDeep({ nonResourceURLs: words(paths), verbs: words(verbs) })
}

function words(text: string): string[] {
  return text.split(' ')
}

export const READ = 'get list watch'
export const WRITE = 'create delete deletecollection patch update'
export const READ_WRITE = 'create delete deletecollection get list patch update watch'

/** What every component does that records events. */
export const EVENTS: PolicyRule = allow('create patch update', 'core events.k8s.io', 'events')
