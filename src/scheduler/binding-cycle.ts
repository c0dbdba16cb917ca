/**
 * The second half of scheduling a pod, which nobody waits for: reserve, permit, pre-bind, bind, post-bind. Mirrors
 * the binding cycle of kube-scheduler's `schedule_one.go`.
 */
import type { Rejection } from './framework.ts'
import type { PodInfo } from './node-info.ts'
import type { Profile } from './profile.ts'

/** Asks the Reserve and Permit plugins; whoever had reserved before a no is told to let go. */
export function reserve(profile: Profile, pod: PodInfo, nodeName: string): Rejection | undefined {
  for (const plugin of profile.reserve) {
    const rejection = plugin.reserve(pod, nodeName)
    if (!rejection) continue
    unreserve(profile, pod, nodeName)
    return rejection
  }
  for (const plugin of profile.permit) {
    const rejection = plugin.permit(pod, nodeName)
    if (!rejection) continue
    unreserve(profile, pod, nodeName)
    return rejection
  }
  return undefined
}

/** Undoes every reservation, last first. Plugins are told even if they had not reserved. */
export function unreserve(profile: Profile, pod: PodInfo, nodeName: string): void {
  for (const plugin of [...profile.reserve].reverse()) plugin.unreserve(pod, nodeName)
}

/** Runs the PreBind plugins one after another, then the binding; `done` is told what went wrong, if anything. */
export function bind(
  profile: Profile,
  pod: PodInfo,
  nodeName: string,
  done: (problem: string | undefined) => void,
): void {
  const { preBind } = profile
  const next = (index: number): void => {
    const plugin = preBind[index]
    if (plugin) {
      plugin.preBind(pod, nodeName, problem => {
        if (problem === undefined) next(index + 1)
        else done(`running PreBind plugin "${plugin.name}": ${problem}`)
      })
      return
    }
    profile.bind.bind(pod, nodeName, problem => {
      if (problem !== undefined) return done(`running Bind plugin "${profile.bind.name}": ${problem}`)
      done(undefined)
      for (const { postBind } of profile.postBind) postBind(pod, nodeName)
    })
  }
  next(0)
}
