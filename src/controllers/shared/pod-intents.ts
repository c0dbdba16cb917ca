/** Making and removing the pods of a controller, with the events that tell of it. Mirrors `PodControl`. */
import { type KubeObject, type NewObject, type Pod, Pods } from '../../api/index.ts'
import type { EventIntent, Intent } from '../../client/index.ts'
import { eventAbout } from './event-about.ts'

/** What is said of a pod that was, or could not be, made for `owner`. One pair serves any number of pods. */
export interface CreationEvents {
  readonly event: EventIntent
  readonly failureEvent: EventIntent
}

export function creationEvents(owner: KubeObject): CreationEvents {
  return {
    event: eventAbout(owner, 'Normal', 'SuccessfulCreate', 'Created pod: {name}'),
    failureEvent: eventAbout(owner, 'Warning', 'FailedCreate', 'Error creating: {error}'),
  }
}

export function podCreation(object: NewObject<Pod>, { event, failureEvent }: CreationEvents): Intent {
  return { do: 'create', kind: Pods, object, event, failureEvent }
}

export function podDeletion(owner: KubeObject, pod: Pod): Intent {
  return {
    do: 'delete',
    kind: Pods,
    object: pod,
    event: eventAbout(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`),
    failureEvent: eventAbout(owner, 'Warning', 'FailedDelete', 'Error deleting: {error}'),
  }
}
