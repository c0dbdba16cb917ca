/**
 * Values as Go prints them in refusals (`%#v`): field errors about maps, lists and selectors show them so.
 */
import type { LabelSelector } from 'kubernetes-types/meta/v1.js'
import type { FieldError } from '../../field-error.ts'

/** `map[string]string{"app":"web"}`, sorted by key. */
export function goStringMap(map: Readonly<Record<string, string>> | undefined): string {
  if (!map) return 'map[string]string(nil)'
  const pairs = Object.keys(map)
    .sort()
    .map(key => `${JSON.stringify(key)}:${JSON.stringify(map[key])}`)
  return `map[string]string{${pairs.join(', ')}}`
}

/** `[]string{"a", "b"}` */
export function goStrings(list: readonly string[] | undefined, type = '[]string'): string {
  if (!list) return `${type}(nil)`
  return `${type}{${list.map(text => JSON.stringify(text)).join(', ')}}`
}

/** `v1.LabelSelector{MatchLabels:map[string]string{...}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}` */
export function goLabelSelector(selector: LabelSelector | undefined): string {
  if (!selector) return 'null'
  const requirements = selector.matchExpressions?.map(({ key, operator, values }) => {
    return `v1.LabelSelectorRequirement{Key:${JSON.stringify(key)}, Operator:${JSON.stringify(operator)}, Values:${goStrings(values)}}`
  })
  const list = requirements ? `{${requirements.join(', ')}}` : '(nil)'
  return `v1.LabelSelector{MatchLabels:${goStringMap(selector.matchLabels)}, MatchExpressions:[]v1.LabelSelectorRequirement${list}}`
}

/** An invalid value that is shown by the text given, not as JSON. */
export function invalidShown(field: string, shown: string, detail: string): FieldError {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${shown}: ${detail}` }
}
