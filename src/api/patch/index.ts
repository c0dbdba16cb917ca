/** Patches of every type the API takes, and how clients make them. All pure: nothing given is changed. */

export { applyMergePatch, createMergePatch, createThreeWayMergePatch } from './json-merge-patch.ts'
export { applyJsonPatch } from './json-patch.ts'
export { type MergeRule, type MergeRules, mergeRulesOf } from './merge-keys.ts'
export { PatchError } from './patch-error.ts'
export { createStrategicMergePatch, createThreeWayStrategicMergePatch } from './strategic-diff.ts'
export { applyStrategicMergePatch } from './strategic-merge.ts'
