/** Every verb. A new one is a file here and a line in the list. */
import type { Command } from '../context.ts'
import { ANNOTATE } from './annotate.ts'
import { APPLY } from './apply.ts'
import { CREATE } from './create.ts'
import { DELETE } from './delete.ts'
import { GET } from './get.ts'
import { LABEL } from './label.ts'
import { PATCH } from './patch.ts'
import { SCALE } from './scale.ts'
import { SET_IMAGE } from './set-image.ts'

export const COMMANDS: readonly Command[] = [
  ANNOTATE,
  APPLY,
  CREATE,
  DELETE,
  GET,
  LABEL,
  PATCH,
  SCALE,
  SET_IMAGE,
]
