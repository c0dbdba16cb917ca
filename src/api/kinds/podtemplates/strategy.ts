/** How PodTemplates are created and changed. Mirrors pkg/registry/core/podtemplate. */

import { semanticEqual } from '../../deep-equal.ts'
import type { Strategy } from '../../define-kind.ts'
import { isDns1123Subdomain } from '../../validation/index.ts'
import { defaultPodTemplate } from '../pods/defaults.ts'
import { validatePodTemplate } from '../pods/rules.ts'
import { templateWarnings } from '../pods/warnings.ts'
import { changeField, decoding } from '../shared/fill.ts'
import { counted, countedUp } from '../shared/generation.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import type { PodTemplate } from './types.ts'

export const podTemplateStrategy: Strategy<PodTemplate> = {
  defaults: decoding('PodTemplate', 'v1', template => changeField(template, 'template', defaultPodTemplate)),
  warnings: templateWarnings(({ template }) => template, 'template'),
  prepareForCreate: counted,
  prepareForUpdate: (next, old) => (semanticEqual(next.template, old.template) ? next : countedUp(next, old)),
  validate: template => [
    ...checkMetadata(template, isDns1123Subdomain),
    ...validatePodTemplate(template.template, 'template'),
  ],
  validateUpdate: (next, old) => [
    ...checkMetadataUpdate(next, old),
    ...validatePodTemplate(next.template, 'template'),
  ],
}
